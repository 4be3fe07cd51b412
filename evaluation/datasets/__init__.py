"""Data sets in, pages with references out. Knows nothing of engines, scores or the ledger."""
