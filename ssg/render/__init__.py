"""Page + site database -> bytes. There is exactly one renderer. Shipped."""
