"""Endpoints of HTML: forms that work without scripts, and parts of pages."""
