"""Endpoints of JSON, for the site, its scripts and other programs."""
