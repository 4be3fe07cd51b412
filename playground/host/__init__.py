"""SECURITY. What one stranger may do on a host's machine, with whose key, at whose cost."""
