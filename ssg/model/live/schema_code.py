"""A schema of data as the site database keeps it: Python code that checks a value."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

DATE_FORMAT = "ssg-date"
"""The format of a date of a collection; the least and the greatest date follow it."""


@dataclass(frozen=True, slots=True)
class SchemaCode:
    """The code of a schema: a function `validate(data, custom_formats, name_prefix)`."""

    code: str
    names: tuple[str, ...]
    """The names of properties in the schema. Only these may be shown: others are data."""
    is_of_page: bool = False
    """Whether it is that of a collection, which is for each page of a list."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SchemaCode:
        values = json.loads(text)
        return cls(**{**values, "names": tuple(values["names"])})
