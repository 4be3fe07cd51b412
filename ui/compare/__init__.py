"""What one page's visitor sees: the setup, the panels, the desk and what stands beside them."""
