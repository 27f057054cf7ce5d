"""Values of YAML and TOML as JSON, as the site database stores them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any


def to_json(value: Any) -> str:
    """Serialise a value of YAML or TOML. Dates become texts in ISO 8601, sets become lists."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, set):
        return sorted(value, key=str)
    raise TypeError(f"type {type(value).__name__}")
