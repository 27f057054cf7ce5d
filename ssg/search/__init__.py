"""The search index: the words of every page, as static files that a browser can ask."""
