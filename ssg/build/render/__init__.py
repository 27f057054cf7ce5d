"""Renders pages in worker processes, and rehearses deferred pages."""
