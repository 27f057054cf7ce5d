"""Tests of the target lambda."""
