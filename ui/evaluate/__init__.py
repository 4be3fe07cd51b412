"""What a data set's visitor sees: pages, engines, price, and the result."""
