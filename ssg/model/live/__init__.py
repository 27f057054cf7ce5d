"""Live pages as values: patterns of paths, routes, sources of data, requests and answers."""
