"""Pages of batches: the public lists, the desk of those who plan, and venues."""
