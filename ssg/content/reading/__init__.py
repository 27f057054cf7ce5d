"""Reads the content folder in chunks: in parallel, and only what the cache does not have."""
