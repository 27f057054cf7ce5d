"""Putting a finished build into place: whole, or not at all."""
