"""Benchmarks: `python -m benchmarks`. Figures are printed, never asserted."""
