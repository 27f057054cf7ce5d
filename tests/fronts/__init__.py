"""Caches in front of a server, run for real with the configurations of `examples/deploy/`."""
