"""One page, several engines: run, score, store, share. Knows nothing of Gradio."""
