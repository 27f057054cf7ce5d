"""Tests of the redirects room."""
