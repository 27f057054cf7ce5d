"""Where the files of an index are, in the publish folder."""

from __future__ import annotations

_FOLDER = "search"


def contents_path(language: str) -> str:
    return f"{_FOLDER}/{language}.json"


def parts_folder(language: str) -> str:
    """The folder of the files that a cache may keep for ever."""
    return f"{_FOLDER}/{language}.parts"
