"""The search index: the words of every page, in static files that a browser fetches."""
