"""Fingerprints: they show whether something is unchanged, and are computed only here.

A build reuses a result of an earlier build if three things are the same: the code that makes it
(`code`), its input files (`input_folders`, `files`), and values such as settings (`digest`). For
each there is a fingerprint: a short text that is the same if and only if the thing is.
`ssg.build.incremental` decides what follows from a difference.
"""
