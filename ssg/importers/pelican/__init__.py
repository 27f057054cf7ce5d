"""Pelican: its settings, articles and pages."""
