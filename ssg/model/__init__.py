"""Nouns: pages, settings, URLs, errors, and the site database with its queries. Shipped."""
