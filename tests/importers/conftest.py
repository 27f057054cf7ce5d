"""The fixture of this room."""

from tests.importers.old import old

__all__ = ["old"]
