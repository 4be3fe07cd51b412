"""A comparison for others to see: what is kept, what is blurred, what is handed out."""
