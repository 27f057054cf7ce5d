"""Source files: found, taken apart, and turned into documents."""
