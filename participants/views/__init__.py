"""Pages of participants: public checks, the application part by part, and what happens after sending."""
