"""Markdown to HTML: parser rules, renderers of tokens, shortcodes, highlighting."""
