"""The native bundle: what CPython needs to answer for a site."""
