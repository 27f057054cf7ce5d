"""Tag tables: what each cache tag of a build stands for, as hashes, and how two differ."""
