"""What is served beside Gradio's own screens."""
