"""Netlify: files, routes, settings and limits of the host, around the bundle of Pyodide."""
