"""Redirect rules and header rules of Netlify: read, written, matched and proven.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
