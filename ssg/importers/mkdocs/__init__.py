"""Imports sites of MkDocs."""
