"""What a run comes to, for people: the memo, its plots, the terminal, files."""
