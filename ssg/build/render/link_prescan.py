"""Which texts link to what is not there. They are judged without being rendered.

Only those are read that have the feature of such a link (`content.reading.text_features`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ssg.build.incremental.dependencies.recorder import Recorder, Renders
from ssg.content.reading.text_features import LINKS_TO_SOURCE, MAY_FAIL
from ssg.model.database import open_readonly
from ssg.model.queries.site import Site
from ssg.model.texts import Texts
from ssg.render.markdown.links import LinkError, is_internal, source_of

_TARGET = r"\s*(?:<([^>\n]+)>|([^)\s]+))"
_TARGETS = re.compile(rf"\]\({_TARGET}|^ {{0,3}}\[[^\]]+\]:{_TARGET}", re.M)

JUDGED = "?"
"""Begins the name of a record: of what it took to see that a page's links lead somewhere."""

DOUBTED = f"deferred AND (features & {LINKS_TO_SOURCE | MAY_FAIL}) = {LINKS_TO_SOURCE}"
"""Pages whose links are to be looked at. Those that may fail anyhow are rendered anyhow."""
_TEXTS = f"""
    SELECT page.id, path, coalesce(source, ''), digest, start, length FROM body
    JOIN page ON page_id = page.id JOIN block ON block_id = block.id
    WHERE page_id BETWEEN ? AND ? AND {DOUBTED} ORDER BY page_id
"""  # noqa: S608 our own numbers

Ids = range


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of judging the deferred pages among some ids."""

    suspects: list[int] = field(default_factory=list)
    renders: Renders = field(default_factory=Renders)


class Judge:
    """Judges texts of a site database. In another process it opens the database anew."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def __reduce__(self) -> tuple[type[Judge], tuple[Path]]:
        return Judge, (self._database,)

    def __call__(self, ids: Ids) -> Verdict:
        """Judge the deferred pages among some ids, which stand in a row."""
        suspects = [
            page_id
            for page_id, path, source, text in self._texts_of(ids)
            if self._leads_nowhere(text, path, source)
        ]
        renders = self._recorder.taken() if "_recorder" in vars(self) else Renders()
        return Verdict(suspects, renders)

    def close(self) -> None:
        if "_connection" in vars(self):
            self._connection.close()
        if "_recorder" in vars(self):
            self._recorder.close()

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        return open_readonly(self._database)

    @cached_property
    def _texts(self) -> Texts:
        return Texts.beside(self._database)

    @cached_property
    def _recorder(self) -> Recorder:
        return Recorder(self._database)

    @cached_property
    def _sources(self) -> frozenset[str]:
        return frozenset(Site(self._connection).sources())

    def _texts_of(self, ids: Ids) -> Iterator[tuple[int, str, str, str]]:
        """Id, path, source and text of each page that is in doubt, block by block."""
        rows = self._connection.execute(_TEXTS, (ids[0], ids[-1]))
        for page_id, path, source, digest, start, length in rows:
            yield page_id, path, source, self._texts.read(digest, start, length)

    def _leads_nowhere(self, text: str, path: str, source: str) -> bool:
        """Whether it links to a source, or a part of one, that is not there."""
        targets = list(internal_targets(text))
        if any(source_of(target, source) not in self._sources for target in targets):
            return True
        return self._names_no_part(path, source, targets)

    def _names_no_part(self, path: str, source: str, targets: list[str]) -> bool:
        """Whether a link leads to a part that is not there. What that hangs on is noted."""
        parts = [target for target in targets if "#" in target]
        if not parts:
            return False
        recorder = self._recorder
        links, site = recorder.renderer.markdown.links, recorder.site
        page = site.page_at(path)
        language = page.language if page else ""
        site.take()
        try:
            for target in parts:
                # converts the other page, once for all links to it
                links.check(target, source, language)
        except LinkError:
            return True
        recorder.renders.note(JUDGED + path, site.take())
        return False


def internal_targets(text: str) -> Iterator[str]:
    """Targets as they are written. They may stand in a code block, so they are no verdict."""
    found = ("".join(filter(None, match.groups())) for match in _TARGETS.finditer(text))
    return filter(is_internal, found)
