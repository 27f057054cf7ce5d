"""Purges of the site's caches: noted with a change, sent after it."""
