"""Values of YAML and TOML as JSON, which the site database keeps."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any


def to_json(value: Any) -> str:
    """JSON of what YAML and TOML can hold; dates become ISO 8601 texts."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, set):
        return sorted(value, key=str)
    raise TypeError(f"a {type(value).__name__} cannot be kept")
