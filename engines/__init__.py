"""Read a page with an OCR engine. Knows nothing of scores, storage or screens."""
