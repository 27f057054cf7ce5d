"""Whether something is unchanged: keys of code, inputs and files. They are computed here only."""
