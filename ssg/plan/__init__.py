"""Rules -> critical or deferred, for every page, with the reason."""
