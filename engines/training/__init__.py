"""Training of engines that read single lines, on a user's own lines or on rendered ones."""
