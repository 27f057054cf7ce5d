"""One suite for every host: the same requests, and the same answers."""
