"""A private module."""

DEPTH: int = 12
"""How deep an `Anchor` goes."""


class Anchor:
    """An anchor. It is shown where it is exported."""

    def drop(self, depth: int = DEPTH) -> None:
        """Drop it from a boat."""


class NotExported: ...
