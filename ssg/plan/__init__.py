"""The plan: critical or deferred for each page, with the reason."""
