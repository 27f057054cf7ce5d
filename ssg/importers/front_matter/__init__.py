"""Front matter of other generators, read; ours, written."""
