"""Records the dependencies of each page: the questions that it asks while it is rendered.

A page is up to date as long as the answers to all its questions are the same. The answer to a
question for a list of pages is their order. The columns of each page in it are a separate question,
`("page", path)`. So a new title affects only the pages that can show it.

A renderer keeps some values longer than one page (`Site.remember`). The questions that were asked
to compute a memoised value count for every page that is given the value.

A build keeps the records for the next build; the runtime turns them into cache tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from typing import Any, TypeVar

from ssg.model.page import Page, Term
from ssg.model.queries.questions import Argument, Question
from ssg.model.queries.site import Site

_Value = TypeVar("_Value")
_Key = TypeVar("_Key", bound=Hashable)

AskedQuestion = tuple[Any, ...]
"""The name of a question and its arguments: `("pages_in", "/blog/", 0, 10)`. Two are special:
`("rows", ...)` asks for the columns of all pages in a long answer, `("now",)` for the clock."""

LONG_ANSWER_ROWS = 100
"""The columns of a longer answer are recorded as one question, `("rows", ...)`."""
STALE_VALUES = 256
"""The number of values that left a memo, above which their questions are dropped."""
_WITHOUT_ROWS = frozenset({Page, str, int, type(None)})
"""Types of answers that have no rows, or whose row is recorded at once."""
CLOCK = ("now",)
"""The question for the time of the build."""
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

    def take(self) -> set[AskedQuestion]:
        """Return and forget the questions since the last call."""
        taken, self._asked = self._asked, set()
        return taken

    def asked(self, site: Site, question: Question, values: tuple[Any, ...], answer: Any) -> None:
        """Record a question, and the rows of its answer."""
        kind = type(answer)
        if kind is Page:
            self._paths[answer.id] = answer.path
            self._asked.add(("page", answer.path))
        asked = self._as_asked(site, question, values)
        self._asked.add(asked)
        if kind not in _WITHOUT_ROWS:
            self._record_rows(answer, asked)

    def remember(
        self, memo: MutableMapping[_Key, _Value], key: _Key, find: Callable[[], _Value]
    ) -> _Value:
        """A value of a memo. The questions that were asked to compute it count as asked now."""
        try:
            value = memo[key]
        except KeyError:
            return self._remember_new(memo, key, find)
        self._asked |= self._memos[id(memo)][key]
        return value

    def _remember_new(
        self, memo: MutableMapping[_Key, _Value], key: _Key, find: Callable[[], _Value]
    ) -> _Value:
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
            clock = {CLOCK} if found and CLOCK_NAME.search(found.text) else set()
            self._templates[place] = {("template", name, layer), *clock}
        self._asked |= self._templates[place]

    def template_loaded(self, template: object) -> None:
        """Does nothing: a template counts when it is used."""

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:  # noqa: ARG002 for profiles
        """Find something, unmeasured."""
        return find()

    def _path_of(self, site: Site, page_id: int) -> str | None:
        """The path of a page, which names it in every build."""
        return self._paths.get(page_id) or self._paths.setdefault(page_id, site.path_of(page_id))

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

    def _as_asked(self, site: Site, question: Question, values: tuple[Any, ...]) -> AskedQuestion:
        """A question as it is recorded, without ids of this build."""
        if question.is_plain:
            return (question.name, *values)
        first = question.arguments[0]
        if first is Argument.PAGE_ID and len(values) == 1:
            return question.name, self._path_of(site, values[0])
        pairs = zip(question.arguments, values, strict=False)
        return (question.name, *[self._named(site, kind, value) for kind, value in pairs])

    def _named(self, site: Site, kind: Argument, value: Any) -> Any:
        if kind is Argument.VALUE or value is None:
            return value
        if kind is Argument.PAGE_ID:
            return self._path_of(site, value)
        if kind is Argument.TERM_ID:
            paths = self._term_paths
            return paths.get(value) or paths.setdefault(value, site.term_path_of(value))
        if kind is Argument.ROW:
            return value.path
        return tuple(sorted(value.items()))


def questions_of_modules(site: Site) -> set[AskedQuestion]:
    """What every page depends on because of the site's own Python: the clock, if it names it."""
    modules = (site.module(name) for name in site.module_names())
    texts = [module.text for module in modules if module]
    return {CLOCK} if any(map(CLOCK_NAME.search, texts)) else set()
