"""Markdown dialects and shortcodes of other generators, converted to ours."""
