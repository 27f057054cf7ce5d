"""Records the dependencies of each page: the questions that it asks while it is rendered.

A page is up to date as long as the answers to all its questions are the same. The answer to a
question for a list of pages is their order. The columns of each page in it are a separate question,
`("page", path)`. So a new title affects only the pages that can show it.

A renderer keeps some values longer than one page (`Site.remember`). The questions that were asked
to compute a memoised value count for every page that is given the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ssg.build.incremental.dependencies.asked_questions import (
    AskedQuestion,
    is_named_by_diff,
    packed_ids,
    question_id,
)
from ssg.model.database import open_readonly
from ssg.model.page import Page, Term
from ssg.model.queries.questions import Argument, Question
from ssg.model.queries.site import Site
from ssg.model.texts import Texts
from ssg.render.renderer import Renderer

if TYPE_CHECKING:
    from ssg.build.profile import RenderTimes

_Value = TypeVar("_Value")
_Key = TypeVar("_Key", bound=Hashable)

COMMON = ""
"""The path of the record that every page depends on: questions asked before the first page."""
LONG_ANSWER_ROWS = 100
"""The columns of a longer answer are recorded as one question, `("rows", ...)`."""
STALE_VALUES = 256
"""The number of values that left a memo, above which their questions are dropped."""
CLOCK_NAME = re.compile(r"\bnow\b")
"""How a template or a module names the clock."""


class QuestionRecorder:
    """Listens to one site. Not for two threads at once."""

    def __init__(self) -> None:
        self._asked: set[AskedQuestion] = set()
        self._memos: dict[int, dict[Hashable, set[AskedQuestion]]] = {}
        self._templates: dict[tuple[str, int], set[AskedQuestion]] = {}
        self._paths: dict[int, str | None] = {}
        self._term_paths: dict[int, str | None] = {}

    def attach(self, site: Site) -> None:
        """Called once, with the site to record."""

    def take(self) -> set[AskedQuestion]:
        """Return and forget the questions since the last call."""
        taken, self._asked = self._asked, set()
        return taken

    def asked(self, site: Site, question: Question, values: tuple[Any, ...], answer: Any) -> None:
        """Record a question, and the rows of its answer."""
        if isinstance(answer, Page):
            self._paths[answer.id] = answer.path
        named = map(self._named, repeat(site), question.arguments, values)
        asked = (question.name, *named)
        self._asked.add(asked)
        if answer is not None and type(answer) is not str:
            self._record_rows(answer, asked)

    def remember(
        self, memo: MutableMapping[_Key, _Value], key: _Key, find: Callable[[], _Value]
    ) -> _Value:
        """A value of a memo. The questions that were asked to compute it count as asked now."""
        if key in memo:
            self._asked |= self._memos[id(memo)][key]
            return memo[key]
        before, self._asked = self._asked, set()
        try:
            memo[key] = find()
        finally:
            by_key = self._memos.setdefault(id(memo), {})
            by_key[key] = self._asked
            self._asked = before | self._asked
        if len(by_key) > 2 * len(memo) + STALE_VALUES:
            self._memos[id(memo)] = {one: by_key[one] for one in by_key if one in memo}
        return memo[key]

    def forget(self, memo: MutableMapping[Any, Any]) -> None:
        """Forget the questions of a memo that is emptied."""
        self._memos.pop(id(memo), None)

    def template_used(self, site: Site, name: str, layer: int) -> None:
        """Record a template. If it names the clock, it depends on the clock."""
        place = name, layer
        if place not in self._templates:
            found = site.find_template(name, layer)
            clock = {("now",)} if found and CLOCK_NAME.search(found.text) else set()
            self._templates[place] = {("template", name, layer), *clock}
        self._asked |= self._templates[place]

    def template_loaded(self, template: object) -> None:
        """Does nothing: a template counts when it is used."""

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:  # noqa: ARG002 for profiles
        """Find something, unmeasured."""
        return find()

    def time_page(self, page: Page, render: Callable[[Page], _Value]) -> _Value:
        """Render a page, untimed."""
        return render(page)

    def times(self) -> RenderTimes | None:
        """What was measured since the last call; None: nothing is."""
        return None

    def _record_rows(self, answer: object, asked: AskedQuestion) -> None:
        if isinstance(answer, Page):
            self._paths[answer.id] = answer.path
            self._asked.add(("page", answer.path))
        elif isinstance(answer, Term):
            self._term_paths[answer.id] = answer.path
        elif isinstance(answer, list | tuple):
            if len(answer) > LONG_ANSWER_ROWS:
                self._asked.add(("rows", *asked))
            else:
                for one in answer:
                    self._record_rows(one, asked)
        elif isinstance(answer, Iterator):
            self._asked.add(("rows", *asked))

    def _named(self, site: Site, kind: Argument, value: Any) -> Any:
        """An argument as it is recorded, without ids of this build."""
        if kind is Argument.VALUE or value is None:
            return value
        if kind is Argument.PAGE_ID:
            return self._paths.get(value) or self._paths.setdefault(value, site.path_of(value))
        if kind is Argument.TERM_ID:
            paths = self._term_paths
            return paths.get(value) or paths.setdefault(value, site.term_path_of(value))
        if kind is Argument.ROW:
            return value.path
        return tuple(sorted(value.items()))


@dataclass(slots=True)
class PageQuestions:
    """The questions of some renders: packed ids by path, and the open questions by id."""

    asked: dict[str, bytes] = field(default_factory=dict)
    questions: dict[int, AskedQuestion] = field(default_factory=dict)

    def add(self, other: PageQuestions) -> None:
        """Add what another process recorded."""
        self.asked |= other.asked
        self.questions |= other.questions

    def record(self, path: str, asked: set[AskedQuestion]) -> None:
        """Record the questions of a page."""
        self.asked[path] = packed_ids(asked)
        self.questions |= {question_id(one): one for one in asked if not is_named_by_diff(one)}


class RecordingRenderer:
    """A renderer that records the questions of each page."""

    def __init__(self, database: Path, listener: QuestionRecorder | None = None) -> None:
        self.listener = listener or QuestionRecorder()
        texts = Texts.beside(database)
        self.site = Site(open_readonly(database), texts, self.listener)
        self.listener.attach(self.site)
        self.renderer = Renderer(self.site)
        self._recorded = PageQuestions()
        common = self.listener.take()
        modules = (self.site.module(name) for name in self.site.module_names())
        if any(module and CLOCK_NAME.search(module.text) for module in modules):
            common.add(("now",))
        self.listener.take()
        self.record(COMMON, common)

    def render(self, page: Page) -> bytes:
        """Render a page. Raises RenderError; nothing is recorded then."""
        data = self.renderer.render(page)
        self.record(page.path, self.listener.take() | {("page", page.path)})
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
