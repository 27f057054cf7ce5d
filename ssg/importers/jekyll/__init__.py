"""Imports sites of Jekyll."""
