"""Live pages at the build: checks of routes, known paths, and the pages that are rendered now."""
