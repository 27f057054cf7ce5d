"""Whether something is unchanged. Every key that decides it is computed here, and only here.

A build reuses what an earlier one left if three things are the same: the code that makes it
(`code`), the files that it is made of (`input_folders`, `files`), and the values that were asked
for (`digest`). Each of them becomes a fingerprint, a short text that is equal if and only if the
thing is. What follows from a difference is decided elsewhere: `ssg.build.incremental`.
"""
