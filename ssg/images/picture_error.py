"""The error of one picture."""

from __future__ import annotations


class PictureError(Exception):
    """A picture that cannot be used.

    The reason follows the name of the picture in a sentence: `is empty`, `ends within its header`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
