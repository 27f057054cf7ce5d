"""Readers of the headers of pictures, a module for each format.

They use the standard library only and read a few hundred bytes, so that the scan of a site with
thousands of pictures stays quick, and no decoder sees a file outside of a process with limits.
"""
