"""How right the product's conclusions are, measured on answers that real models gave about real pages."""
