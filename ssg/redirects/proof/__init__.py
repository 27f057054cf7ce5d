"""The rules that send deferred pages to the function, and the proof that they do.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
