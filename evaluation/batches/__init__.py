"""Vendors' batch interfaces: the same requests, answered within a day at half the price. Knows nothing of scores."""
