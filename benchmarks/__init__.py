"""Speed, side by side with what others use; `python -m benchmarks` says how to run it."""
