"""Which rule decides about a request, and what answers it.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
