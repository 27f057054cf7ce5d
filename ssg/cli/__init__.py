"""Typer commands, thin. The only room that prints."""
