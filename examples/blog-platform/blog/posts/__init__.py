"""Posts: what visitors see of them, writing, publishing, freshness."""
