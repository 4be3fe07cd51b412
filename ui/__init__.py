"""The screens; the only importer of gradio."""

from ui.quick_import import leave_out_stubs

leave_out_stubs()  # before anything here imports Gradio
