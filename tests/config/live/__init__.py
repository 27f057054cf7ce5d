"""Tests of `ssg.config.live`."""
