"""Popularity: which pages are read, from access logs, and what plans would cost."""
