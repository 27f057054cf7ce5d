"""Decides what a build reuses of the previous one, and what it makes again."""
