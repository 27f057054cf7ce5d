"""Where cached responses are: in memory, on disk, and the log of what was purged."""
