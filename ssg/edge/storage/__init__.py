"""Where cached responses are: in memory, on disk, and the log of what was purged.

Rule numbers are those of "Rules of Netlify" in `content/docs/netlify.md`.
"""
