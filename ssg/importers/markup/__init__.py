"""Converts Markdown dialects, links and shortcodes of other generators to ours."""
