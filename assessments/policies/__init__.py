"""Who may do what in a class; one module per noun."""
