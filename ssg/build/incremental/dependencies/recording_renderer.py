"""A renderer that records the dependencies of the pages that it renders, for the next build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ssg.build.incremental.dependencies.asked_questions import (
    is_named_by_diff,
    packed_ids,
    question_id,
)
from ssg.build.incremental.dependencies.shown_variants import file_words, shown_variants
from ssg.model.database import open_readonly
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.texts import Texts
from ssg.render.dependencies.recorder import AskedQuestion, QuestionRecorder, questions_of_modules
from ssg.render.renderer import NO_ENV, Renderer

if TYPE_CHECKING:
    from ssg.build.profile import RenderTimes

_Value = TypeVar("_Value")

COMMON = ""
"""The path of the record that every page depends on: questions asked before the first page."""


class BuildRecorder(QuestionRecorder):
    """The recorder of a build, which may also be profiled."""

    def attach(self, site: Site) -> None:
        """Called once, with the site to record."""

    def time_page(self, page: Page, render: Callable[[Page], _Value]) -> _Value:
        """Render a page, untimed."""
        return render(page)

    def times(self) -> RenderTimes | None:
        """What was measured since the last call; None: nothing is."""
        return None


@dataclass(slots=True)
class PageQuestions:
    """What some renders recorded: packed ids by path, and the open questions by id."""

    asked: dict[str, bytes] = field(default_factory=dict)
    questions: dict[int, AskedQuestion] = field(default_factory=dict)
    shown: dict[str, frozenset[str]] = field(default_factory=dict)
    """The variants of pictures that pages show, by path; also words of the picture files that they
    name, if originals that nobody names are not published."""

    def add(self, other: PageQuestions) -> None:
        """Add what another process recorded."""
        self.asked |= other.asked
        self.questions |= other.questions
        self.shown |= other.shown

    def record(self, path: str, asked: set[AskedQuestion]) -> None:
        """Record the questions of a page."""
        self.asked[path] = packed_ids(asked)
        self.questions |= {question_id(one): one for one in asked if not is_named_by_diff(one)}


class RecordingRenderer:
    """A renderer that records the questions of each page."""

    def __init__(
        self,
        database: Path,
        listener: BuildRecorder | None = None,
        env: Mapping[str, str] = NO_ENV,
    ) -> None:
        """`env` are the environment variables that pages may show."""
        self.listener = listener or BuildRecorder()
        texts = Texts.beside(database)
        self.site = Site(open_readonly(database), texts, self.listener)
        self.listener.attach(self.site)
        self.renderer = Renderer(self.site, env)
        self._recorded = PageQuestions()
        images = self.site.settings.images
        self._records_files = images is not None and not images.publish_originals
        common = self.listener.take()
        common |= questions_of_modules(self.site)
        self.listener.take()
        self.record(COMMON, common)

    def render(self, page: Page) -> bytes:
        """Render a page. Raises RenderError; nothing is recorded then."""
        try:
            data = self.renderer.render(page)
        except BaseException:
            self.listener.take()
            raise
        self.record(page.path, self.listener.take() | {("page", page.path)})
        shown = shown_variants(data)
        if self._records_files:
            shown |= file_words(data.decode())
        if shown:
            self._recorded.shown[page.path] = shown
        return data

    def record(self, path: str, asked: set[AskedQuestion]) -> None:
        """Record questions under a name."""
        self._recorded.record(path, asked)

    def taken(self) -> PageQuestions:
        """What was recorded since the last call."""
        taken, self._recorded = self._recorded, PageQuestions()
        return taken

    def close(self) -> None:
        self.site.close()
