"""The preview: the edge with what a person needs to see a site and to try it."""
