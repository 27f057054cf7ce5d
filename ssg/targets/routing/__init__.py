"""What hosts with redirect rules share: rules of the site, of old addresses and of files.

Numbered rules are those of `content/docs/netlify.md`.
"""
