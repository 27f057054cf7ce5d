"""Publishes the tag table of a build, with a pointer to it."""

from __future__ import annotations

import json
from pathlib import Path

from ssg.fingerprint.tag_table.published import POINTER, POINTER_VERSION
from ssg.fingerprint.tag_table.table_file import TagTable, table_name
from ssg.targets.target import TAG_TABLES_PATH


def publish_table(table: TagTable, publish_dir: Path) -> bytes:
    """Write a table and its pointer into a publish folder. Returns the content of the table."""
    data = table.to_bytes()
    name = table_name(data)
    folder = publish_dir / TAG_TABLES_PATH.strip("/")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    pointer = {"version": POINTER_VERSION, "build_id": table.build_id, "table": name}
    (publish_dir / POINTER).write_text(json.dumps(pointer) + "\n", "utf-8")
    return data
