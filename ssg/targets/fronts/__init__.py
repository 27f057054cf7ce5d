"""Caches in front of a server of one's own: what they are told, and how they are purged."""
