"""Purging what hosts have cached: the protocol, and the requests, which keep to a host's pace."""
