"""One adapter per wire protocol or local runtime; each imports its SDK only when it is built."""
