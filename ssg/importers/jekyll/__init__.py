"""Jekyll: its configuration, posts, collections, Liquid and kramdown."""
