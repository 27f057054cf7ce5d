"""Examines a site: dry runs, lists, checks of rules, parity, warming."""
