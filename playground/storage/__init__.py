"""Where facts and pictures are kept. Knows nothing of what they mean."""
