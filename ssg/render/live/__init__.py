"""Pages that are made from data: their values, and how templates see them."""
