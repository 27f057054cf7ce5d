"""Tests of the engine of images."""
