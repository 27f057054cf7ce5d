"""Finds dead links, missing files and duplicate ids on the pages of a site."""
