"""Sources of data, as CPython asks them: HTTP, SQL, and recordings of both."""
