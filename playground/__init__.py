"""One page, several engines: run, score, store, share. Knows nothing of Gradio."""

VERSION = "1.0.0"
"""Kept with every comparison, so that a figure can be traced to the code that made it."""
