"""Suggests rules for deferred pages: old dated pages, and the pages of terms."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, Topic

KEEP_NEWEST = 20


@dataclass(frozen=True, slots=True)
class DeferSuggestion:
    """Rules that defer pages older than `age` (`90d`, `1y`)."""

    age: str
    keep_newest: int = KEEP_NEWEST

    def settings(self, pages: Iterable[ImportedPage], notes: ImportNotes) -> dict[str, Any]:
        """The target, and a rule for each folder with more than `keep_newest` dated pages."""
        dated = Counter(
            page.content_path.partition("/")[0] + "/**" if page.folder else "*.md"
            for page in pages
            if isinstance(page.values.get("date"), dt.date) and not page.is_section
        )
        matches = sorted(match for match, count in dated.items() if count > self.keep_newest)
        if not matches:
            what = f"nothing to defer: no folder contains more than {self.keep_newest} dated pages"
            notes.add(Topic.SETTING, what)
            return {}
        rules: list[dict[str, Any]] = [
            {"match": match, "older_than": self.age, "keep_newest": self.keep_newest}
            for match in matches
        ]
        return {"target": {"name": "netlify"}, "deferred": {"rules": [*rules, {"kind": "term"}]}}
