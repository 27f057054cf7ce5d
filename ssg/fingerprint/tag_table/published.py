"""The published tag table of a build, and the pointer to it.

The table has a name that changes with its content, so caches may keep it for ever. The pointer has
a fixed name: who wants to know what a site is made of asks for the pointer first.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ssg.fingerprint.tag_table.table_file import TableError, TagTable, table_name

POINTER = "_ssg/tags.json"
"""The path of the pointer in the publish folder."""
POINTER_VERSION = 1

_NAME = re.compile(r"[0-9a-f]{32}\.bin")


def table_of_pointer(text: bytes) -> str:
    """The name of the table that a pointer names. Raises TableError if it is no pointer."""
    try:
        value: Any = json.loads(text)
        version, name = value["version"], value["table"]
    except (ValueError, LookupError, TypeError) as error:
        raise TableError(f"{POINTER} is not a pointer to a tag table") from error
    if version != POINTER_VERSION:
        raise TableError(f"{POINTER} is of version {version}, which this ssg does not know")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise TableError(f"{POINTER} names no tag table")
    return name


def checked_table(data: bytes, name: str) -> TagTable:
    """The table in a file of this name. Raises TableError if it is not the one that was written."""
    if table_name(data) != name:
        raise TableError(f"{name} is not what its name says")
    return TagTable.from_bytes(data)
