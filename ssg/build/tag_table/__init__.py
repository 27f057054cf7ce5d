"""The tag table: what each cache tag of a build stands for, as hashes.

A published table tells the next deploy which tags differ, and so which answers of caches to purge.
"""
