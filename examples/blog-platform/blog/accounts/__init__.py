"""Accounts: names, passwords, sessions, limits."""
