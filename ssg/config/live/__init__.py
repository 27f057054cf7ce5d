"""Reads the keys of live pages: environment, sources of data and routes."""
