"""Publishes a finished build: completely, or not at all."""
