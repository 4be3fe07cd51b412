"""The screens; the only importer of gradio."""
