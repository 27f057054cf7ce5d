"""Imports sites of Zola."""
