"""A static site generator with deferred rendering."""

__version__ = "0.1.0"
