"""The tag table: what is behind each cache tag of a build, as hashes.

A published table tells the next deploy which tags differ, and so which answers of caches to purge.
"""
