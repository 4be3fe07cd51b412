"""Reading the items of a run: what to read, who reads it, what it costs."""
