"""Imports sites of Hugo."""
