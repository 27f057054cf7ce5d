"""Pictures in HTML: their sizes and formats, as elements of texts and for templates."""
