"""Few rules for many pages, and the proof that they do what they should."""
