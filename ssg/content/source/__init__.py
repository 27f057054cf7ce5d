"""Source files: finding them, parsing them, and reading documents from them."""
