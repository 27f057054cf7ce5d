"""The static files of a deploy, as its function knows them.

The function contains the files that it sends. Of those in the bucket it knows the names: no
redirect rule is for the path of a file, unless the rule is forced.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Self

from ssg.redirects.matching.static_files import file_finder

FILES_FOLDER = "public"
ORIGINALS = "originals"
"""The folder of originals of pictures, of which the function makes variants."""
CARD_FILES = "card-files"
"""The folder of fonts for cards."""
BUCKET_LIST = "bucket.json"
"""The names of the files in the bucket."""


class FunctionFiles:
    """The names of all files of a deploy; a container for `file_finder`."""

    def __init__(self, folder: Path, in_bucket: frozenset[str]) -> None:
        self._folder = str(folder)
        self.in_bucket = in_bucket
        self.find = file_finder(self)

    @classmethod
    def of(cls, function: Path) -> Self:
        """Those of the function in a folder."""
        names = json.loads((function / BUCKET_LIST).read_bytes())
        return cls(function / FILES_FOLDER, frozenset(names))

    def __contains__(self, name: object) -> bool:
        return name in self.in_bucket or os.path.isfile(f"{self._folder}/{name}")  # noqa: PTH113 on each request

    def read(self, name: str) -> bytes | None:
        """The content of a file; None if the function does not contain it."""
        try:
            return Path(self._folder, name).read_bytes()
        except (OSError, ValueError):
            return None
