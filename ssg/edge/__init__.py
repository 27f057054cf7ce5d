"""What stands before a builder: static files, redirect rules, the cache."""
