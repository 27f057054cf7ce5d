"""The link prescan: finds texts with links that may be dead, without rendering them.

It reads only texts with the feature of a link to a source (`content.reading.text_features`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ssg.build.incremental.dependencies.asked_questions import PRESCANNED
from ssg.build.incremental.dependencies.recording_renderer import PageQuestions, RecordingRenderer
from ssg.content.reading.text_features import LINKS_TO_SOURCE, MAY_FAIL
from ssg.model.database import open_readonly
from ssg.model.queries.site import Site
from ssg.model.texts import Texts
from ssg.render.markdown.links import LinkError, is_internal, source_of

_TARGET = r"\s*(?:<([^>\n]+)>|([^)\s]+))"
_TARGETS = re.compile(rf"\]\({_TARGET}|^ {{0,3}}\[[^\]]+\]:{_TARGET}", re.M)

MAY_BREAK = f"deferred AND (features & {LINKS_TO_SOURCE | MAY_FAIL}) = {LINKS_TO_SOURCE}"
"""The pages to check. Those that may fail for other reasons are rendered anyway."""
_TEXTS = f"""
    SELECT page.id, path, coalesce(source, ''), digest, start, length FROM body
    JOIN page ON page_id = page.id JOIN block ON block_id = block.id
    WHERE page_id BETWEEN ? AND ? AND {MAY_BREAK} ORDER BY page_id
"""  # noqa: S608 our own numbers

IdRange = range


@dataclass(frozen=True, slots=True)
class PrescanResult:
    """The deferred pages, among some ids, whose links may be dead."""

    suspects: list[int] = field(default_factory=list)
    questions: PageQuestions = field(default_factory=PageQuestions)
    """The questions that were asked to find them."""


class LinkPrescan:
    """Checks the links of texts. A copy in another process opens the database itself."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def __reduce__(self) -> tuple[type[LinkPrescan], tuple[Path]]:
        return LinkPrescan, (self._database,)

    def __call__(self, ids: IdRange) -> PrescanResult:
        """Check the deferred pages among consecutive ids."""
        suspects = [
            page_id
            for page_id, path, source, text in self._texts_of(ids)
            if self._has_dead_link(text, path, source)
        ]
        questions = self._recorder.taken() if "_recorder" in vars(self) else PageQuestions()
        return PrescanResult(suspects, questions)

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
    def _recorder(self) -> RecordingRenderer:
        return RecordingRenderer(self._database)

    @cached_property
    def _sources(self) -> frozenset[str]:
        return frozenset(Site(self._connection).sources())

    def _texts_of(self, ids: IdRange) -> Iterator[tuple[int, str, str, str]]:
        """Id, path, source and text of each page to check, block by block."""
        rows = self._connection.execute(_TEXTS, (ids[0], ids[-1]))
        for page_id, path, source, digest, start, length in rows:
            yield page_id, path, source, self._texts.read(digest, start, length)

    def _has_dead_link(self, text: str, path: str, source: str) -> bool:
        """Whether a text links to a source, or to a heading in one, that does not exist."""
        targets = list(internal_targets(text))
        if any(source_of(target, source) not in self._sources for target in targets):
            return True
        return self._has_dead_fragment(path, source, targets)

    def _has_dead_fragment(self, path: str, source: str, targets: list[str]) -> bool:
        """Whether a link leads to a heading that does not exist. Records the dependencies."""
        with_fragment = [target for target in targets if "#" in target]
        if not with_fragment:
            return False
        recorder = self._recorder
        links, site = recorder.renderer.markdown.links, recorder.site
        page = site.page_at(path)
        language = page.language if page else ""
        recorder.listener.take()
        try:
            for target in with_fragment:
                # converts the other page, once for all links to it
                links.check(target, source, language)
        except LinkError:
            return True
        recorder.record(PRESCANNED + path, recorder.listener.take())
        return False


def internal_targets(text: str) -> Iterator[str]:
    """Link targets as they are written. Some may be in code blocks, so they are only suspects."""
    found = ("".join(filter(None, match.groups())) for match in _TARGETS.finditer(text))
    return filter(is_internal, found)
