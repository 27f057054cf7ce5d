"""Tests of responses in Redis; most need a redis-server (`make services`)."""
