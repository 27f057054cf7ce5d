"""Vercel: the Build Output API (version 3), with the bundle of Pyodide as its function.

The contract, and what is not proven, is in `content/docs/vercel.md`.
"""
