"""Markdown to HTML: parser rules, tokens to HTML, shortcodes, highlighting."""
