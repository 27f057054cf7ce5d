"""Drafts of live pages."""
