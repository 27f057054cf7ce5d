"""Sources of data in the preview."""
