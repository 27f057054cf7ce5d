"""Variants of pictures that are made on their first request."""
