"""Front matter, configuration, data and languages of other generators, read."""
