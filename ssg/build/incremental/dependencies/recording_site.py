"""What a page hangs on: the questions that were asked of the site while it was rendered.

A page needs no new render as long as each of them has the answer that it had. Questions are told
in names that hold in every build: the path of a page or of a term where the method takes an id.
Of a page in an answer, that it is there is the answer's; what it says is a question of its own,
`("page", path)`, so that a new title concerns those alone that may show it.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from ssg.model.page import Page, Term
from ssg.model.queries.site import Site

if TYPE_CHECKING:
    from ssg.build.inspect.profile import Times

Question = tuple[Any, ...]
"""A method of `Site` and what it was asked with: `("pages_in", "/blog/", 0, 10)`."""

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)

NAMES: Mapping[str, str] = {
    "page_id": "page",
    "section_id": "page",
    "term_id": "term",
    "page": "row",
    "term": "row",
    "weights": "mapping",
}
"""Parameters of questions that are ids or values, and what stands for them."""

NOTED = ("menus", "build_id", "build_time")
"""Attributes of a site that are questions, too."""

NO_QUESTIONS = frozenset(
    {"clock", "close", "forget", "loaded", "measure", "open", "remember", "uses"}
    | {"description", "front", "slug"}  # they are told with the row
)

LONG = 100
"""Rows of a longer answer are not noted one by one: it is one question with all that they say."""

TOLD = frozenset(
    {"after", "asset_from", "assets", "before", "body", "count_in", "newer", "now", "older"}
    | {"page", "page_count", "page_from", "term", "terms_of", "words", *NOTED}
)
"""Questions of which a delta tells every one that is answered otherwise. All others are open: they
are asked of both databases."""

FORGOTTEN = 256
"""So many values that a memo has dropped may be known of a while longer."""

NOW = re.compile(r"\bnow\b")
"""How a template or a module speaks of the clock."""
_ID_BYTES = 8
_IDS = 4096


def parameters(name: str) -> tuple[str, ...]:
    """The parameters of a question, in their order."""
    return tuple(inspect.signature(getattr(Site, name)).parameters)[1:]


def questions() -> Iterator[str]:
    """Every method of a site that is a question."""
    known = {name for one in Site.__mro__ for name in vars(one)}
    for name in sorted(known - NO_QUESTIONS):
        if not name.startswith("_") and inspect.isfunction(getattr(Site, name)):
            yield name


@lru_cache(maxsize=_IDS)
def id_of(question: Question) -> int:
    """A number that stands for a question in records."""
    digest = hashlib.blake2b(repr(question).encode(), digest_size=_ID_BYTES).digest()
    return int.from_bytes(digest, "little")


def is_told(question: Question) -> bool:
    """Whether a delta tells of a change of its answer."""
    return question[0] in TOLD


def packed(asked: set[Question]) -> bytes:
    """The ids of some questions, as a record keeps them."""
    return array("Q", sorted(map(id_of, asked))).tobytes()


class RecordingSite(Site):
    """A site that writes down what it is asked. Not for two threads at once."""

    def __init__(self, *arguments: Any) -> None:
        self._asked: set[Question] = set()
        self._memos: dict[int, dict[Hashable, set[Question]]] = {}
        self._used: dict[tuple[str, int], set[Question]] = {}
        self._paths: dict[int, str] = {}
        self._terms: dict[int, str] = {}
        super().__init__(*arguments)

    def take(self) -> set[Question]:
        """What was asked since the last time."""
        taken, self._asked = self._asked, set()
        return taken

    def remember(
        self, memo: MutableMapping[Key, Value], key: Key, find: Callable[[], Value]
    ) -> Value:
        """A value of a memo; what it was found with is asked again for whoever is given it."""
        if key in memo:
            self._asked |= self._memos[id(memo)][key]
            return memo[key]
        before, self._asked = self._asked, set()
        try:
            memo[key] = find()
        finally:
            known = self._memos.setdefault(id(memo), {})
            known[key] = self._asked
            self._asked = before | self._asked
        if len(known) > 2 * len(memo) + FORGOTTEN:
            self._memos[id(memo)] = {one: known[one] for one in known if one in memo}
        return memo[key]

    def time_page(self, page: Page, render: Callable[[Page], Value]) -> Value:
        """Render a page; whoever measures notes how long it takes."""
        return render(page)

    def times(self) -> Times | None:
        """What was measured since the last time, if anything is."""
        return None

    def clock(self) -> str:
        """Not noted: see `uses`."""
        return str(vars(self)["build_time"])

    def forget(self, memo: MutableMapping[Key, Value]) -> None:
        """Empty a memo, and what stands here of it."""
        self._memos.pop(id(memo), None)
        memo.clear()

    def uses(self, template: str, layer: int) -> None:
        """Note a template; one that speaks of the clock hangs on it."""
        place = template, layer
        if place not in self._used:
            found = super().template(template, layer)
            clock = {("now",)} if found and NOW.search(found.text) else set()
            self._used[place] = {("template", template, layer), *clock}
        self._asked |= self._used[place]

    # -- how answers become notes --------------------------------------------------------------

    def _note(self, answer: object, question: Question) -> None:
        asked = self._asked
        if isinstance(answer, Page):
            self._paths[answer.id] = answer.path
            asked.add(("page", answer.path))
        elif isinstance(answer, Term):
            self._terms[answer.id] = answer.path
        elif isinstance(answer, list | tuple):
            if len(answer) > LONG:
                asked.add(("rows", *question))
            else:
                for one in answer:
                    self._note(one, question)
        elif isinstance(answer, Iterator):
            asked.add(("rows", *question))

    def _name(self, kind: str | None, value: Any) -> Any:
        if kind is None:
            return value
        if kind == "page":
            return self._paths.get(value) or self._path_of(value)
        if kind == "term":
            return self._terms.get(value) or self._term_of(value)
        if kind == "row":
            return value.path
        return tuple(sorted(value.items()))

    def _path_of(self, page_id: int) -> str | None:
        row = self._connection.execute("SELECT path FROM page WHERE id = ?", (page_id,)).fetchone()
        return self._paths.setdefault(page_id, row[0]) if row else None

    def _term_of(self, term_id: int) -> str | None:
        row = self._connection.execute("SELECT path FROM term WHERE id = ?", (term_id,)).fetchone()
        return self._terms.setdefault(term_id, row[0]) if row else None


def _recorded(name: str) -> Callable[..., Any]:
    """A question of a site, written down with each answer."""
    method, names = getattr(Site, name), parameters(name)
    kinds = tuple(NAMES.get(one) for one in names)

    def ask(self: Any, *values: Any, **named: Any) -> Any:
        answer = method(self, *values, **named)
        if named:
            values = (*values, *_in_order(method, names[len(values) :], named))
        question = (name, *map(self._name, kinds, values))
        self._asked.add(question)
        self._note(answer, question)
        return answer

    return ask


def _in_order(method: Any, names: tuple[str, ...], given: Mapping[str, Any]) -> Iterator[Any]:
    """Values that were given by name, with the defaults of those between them."""
    last = max(place for place, name in enumerate(names) if name in given)
    for name in names[: last + 1]:
        yield given[name] if name in given else inspect.signature(method).parameters[name].default


def _row_at(self: Any, path: str) -> Page | None:
    page = Site.page_at(self, path)
    self._asked.add(("page", path))
    if page:
        self._paths[page.id] = path
    return page


def _row_by_id(self: Any, page_id: int) -> Page:
    page = Site.page_by_id(self, page_id)
    self._note(page, ())
    return page


def _attribute(name: str) -> property:
    def read(self: Any) -> Any:
        self._asked.add((name,))
        return vars(self)[name]

    def write(self: Any, value: Any) -> None:
        vars(self)[name] = value

    return property(read, write)


for _name in questions():
    setattr(RecordingSite, _name, _recorded(_name))
for _name in NOTED:
    setattr(RecordingSite, _name, _attribute(_name))
RecordingSite.page_at = _row_at  # type: ignore[method-assign]  # both are one question
RecordingSite.page_by_id = _row_by_id  # type: ignore[method-assign]  # so are these
