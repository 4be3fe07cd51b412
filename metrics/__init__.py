"""Compare texts. Pure functions: no files, no network, no engines."""
