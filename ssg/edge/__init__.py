"""The server in front of a builder: static files, redirect rules, the cache.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
