"""Settings that several generators have in the same form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.importers.front_matter.dates import is_zone
from ssg.importers.imported_site import ImportNotes, Topic

_WEB_URL = re.compile(r"https?://[^\s\x00-\x1f\x7f\"'\\<>`{}|^]*")


@dataclass(frozen=True, slots=True)
class OldConfig:
    """The configuration of the old site, and the file that contains it."""

    values: Mapping[str, Any]
    origin: str

    def text(self, *keys: str) -> str:
        """The first of the values that is text or a number."""
        found = (self.values.get(key) for key in keys)
        return next((str(v) for v in found if isinstance(v, str | int) and v != ""), "")

    def table(self, key: str) -> dict[str, Any]:
        value = self.values.get(key)
        return dict(value) if isinstance(value, dict) else {}

    def listed(self, key: str) -> list[str]:
        """A list of texts, which may be written as one text."""
        value = self.values.get(key)
        if isinstance(value, str):
            return [value]
        return [str(one) for one in value] if isinstance(value, list) else []


def site_url(url: str) -> str:
    """The URL of a site with one slash at its end; '' if it is not a web URL."""
    return url.rstrip("/") + "/" if _WEB_URL.fullmatch(url) else ""


def language_tag(code: str) -> str:
    """`pt_BR` -> `pt-BR`."""
    return code.replace("_", "-")


def time_zone(zone: str, notes: ImportNotes, origin: str, line: int | None = None) -> str:
    """A time zone; '' with a finding if its name is not known."""
    if not zone or is_zone(zone):
        return zone
    notes.add(Topic.SETTING, f"unknown time zone {zone}", origin, line)
    return ""


def paging(size: object) -> dict[str, Any]:
    """`paginate_by`, if a site sets the size of its pagers."""
    return {"paginate_by": size} if isinstance(size, int) and size else {}
