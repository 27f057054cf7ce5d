"""Rendering pages in worker processes, and checking deferred pages without publishing them."""
