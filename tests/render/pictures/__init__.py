"""Pictures in HTML."""
