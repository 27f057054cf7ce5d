"""Markdown that strangers wrote: a subset that cannot harm the page, within limits."""
