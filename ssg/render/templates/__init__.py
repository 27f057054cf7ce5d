"""The Jinja environment: templates, filters, functions, messages."""
