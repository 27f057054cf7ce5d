"""A suggestion of what to defer: dated pages that are old, and lists of terms."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, ImportTopic

KEPT_NEWEST = 20


@dataclass(frozen=True, slots=True)
class DeferSuggestion:
    """Pages older than `age` (`90d`, `1y`) are to be deferred."""

    age: str
    keep_newest: int = KEPT_NEWEST

    def config(self, pages: Iterable[ImportedPage], notes: ImportNotes) -> dict[str, Any]:
        """The target and the rules: one for each folder with more dated pages than stay."""
        dated = Counter(
            page.content_path.partition("/")[0] + "/**" if page.folder else "*.md"
            for page in pages
            if isinstance(page.values.get("date"), dt.date) and not page.is_section
        )
        matches = sorted(match for match, count in dated.items() if count > self.keep_newest)
        if not matches:
            what = f"nothing to defer: no folder has more than {self.keep_newest} dated pages"
            notes.add(ImportTopic.SETTING, what)
            return {}
        rules: list[dict[str, Any]] = [
            {"match": match, "older_than": self.age, "keep_newest": self.keep_newest}
            for match in matches
        ]
        return {"target": {"name": "netlify"}, "deferred": {"rules": [*rules, {"kind": "term"}]}}
