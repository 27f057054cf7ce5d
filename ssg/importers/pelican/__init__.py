"""Imports sites of Pelican."""
