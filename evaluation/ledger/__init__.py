"""The truth of every run: its items, its calls, its workers."""
