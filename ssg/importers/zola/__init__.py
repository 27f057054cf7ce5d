"""Zola: its configuration, sections and shortcodes."""
