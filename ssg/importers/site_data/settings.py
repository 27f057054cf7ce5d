"""Settings that several generators have in the same form."""

from __future__ import annotations

from typing import Any

from ssg.importers.front_matter.dates import is_zone
from ssg.importers.imported_site import ImportNotes, ImportTopic


def site_url(url: str) -> str:
    """The URL of a site with one slash at its end; '' if it is not a web URL."""
    return url.rstrip("/") + "/" if url.startswith(("http://", "https://")) else ""


def language_tag(code: str) -> str:
    """`pt_BR` -> `pt-BR`."""
    return code.replace("_", "-")


def time_zone(zone: str, notes: ImportNotes, origin: str, line: int | None = None) -> str:
    """A time zone; '' with a finding if its name is not known."""
    if not zone or is_zone(zone):
        return zone
    notes.add(ImportTopic.SETTING, f"unknown time zone {zone}", origin, line)
    return ""


def paging(size: object) -> dict[str, Any]:
    """`paginate_by`, if a site sets the size of its pagers."""
    return {"paginate_by": size} if isinstance(size, int) and size else {}
