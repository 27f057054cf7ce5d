"""Netlify: files, routes, settings and limits of the host, around the bundle of Pyodide.

The rules that comments cite by number are those of `content/docs/netlify.md`.
"""
