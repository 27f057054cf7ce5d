"""Files with rules and headers: read and written."""
