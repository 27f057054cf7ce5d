"""Questions: the methods of a `Site` whose answers a page may depend on.

A page depends on the answers that its render was given, not on files or tables. So each such method
is declared a question where it is defined, and says two things that whoever records it must know:

- what its arguments are (`Argument`): ids are numbers of one build, so a record has paths in their
  place, which name the same page in every build;
- which difference of two site databases can change its answer (`Change`), so that a build need
  not ask every recorded question again.

A `Site` tells its listener each question together with the answer. Without a listener a question
costs one more call and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

_Method = TypeVar("_Method", bound=Callable[..., Any])
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Argument(Enum):
    """What an argument of a question is, and so how it is recorded."""

    VALUE = auto()
    """A plain value, recorded as it is."""
    PAGE_ID = auto()
    """Recorded as the path of the page."""
    TERM_ID = auto()
    """Recorded as the path of the term's page."""
    ROW = auto()
    """A page or a term, recorded as its path."""
    MAPPING = auto()
    """Recorded as its items, sorted."""


class Change(Enum):
    """Which difference of two site databases can change the answer to a question."""

    NAMED = auto()
    """The diff itself names every question of this kind whose answer is another."""
    SLICE = auto()
    """The order or the members of the list that the answer is a part of."""
    LISTS = auto()
    """The order or the members of any list: the answer consists of paths and counts."""
    CHILDREN = auto()
    """A page that came, went or changed below the page that is asked for."""
    SHARED_TERMS = auto()
    """The pages of a term that the page has."""
    ADDRESSES = auto()
    """What sitemaps list."""
    ANYTHING = auto()
    """Anything but texts."""


@dataclass(frozen=True, slots=True)
class Question:
    """The declaration of a question."""

    name: str
    arguments: tuple[Argument, ...]
    changed_by: Change
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any]

    def in_order(self, values: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
        """Positional and named arguments as one tuple, without those left at their defaults at
        its end."""
        if not named:
            return values
        names = self.parameters[len(values) :]
        last = max(place for place, name in enumerate(names) if name in named)
        given = (named.get(name, self.defaults.get(name)) for name in names[: last + 1])
        return (*values, *given)

    def ask(self, site: object, values: tuple[Any, ...]) -> Any:
        """The answer of a site to the question with these arguments."""
        return getattr(site, self.name)(**dict(zip(self.parameters, values, strict=False)))


class Listener(Protocol):
    """Hears what a site is asked, and what a renderer finds with it."""

    def asked(self, site: Any, question: Question, values: tuple[Any, ...], answer: Any) -> None:
        """A question was answered."""

    def remember(
        self, memo: MutableMapping[_Key, _Value], key: _Key, find: Callable[[], _Value]
    ) -> _Value:
        """As `Site.remember`."""

    def forget(self, memo: MutableMapping[Any, Any]) -> None:
        """A memo is emptied."""

    def template_used(self, site: Any, name: str, layer: int) -> None:
        """A template is about to be used, whether or not it is in memory already."""

    def template_loaded(self, template: object) -> None:
        """A template came into memory, and is used from there."""

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:
        """Find something by work that has a name of its own in profiles."""


def question(
    *arguments: Argument, changed_by: Change = Change.ANYTHING, name: str = ""
) -> Callable[[_Method], _Method]:
    """Declare a method of a `Site` a question.

    There is one of `arguments` for each parameter; those left out are plain values. `name` is that
    of another question that is the same.
    """

    def declare(method: _Method) -> _Method:
        code = method.__code__
        parameters = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        positional, defaults = parameters[: code.co_argcount - 1], method.__defaults__ or ()
        known = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
        rest = (Argument.VALUE,) * (len(parameters) - len(arguments))
        declared = Question(
            name or method.__name__,
            (*arguments, *rest),
            changed_by,
            parameters,
            {**known, **(method.__kwdefaults__ or {})},
        )

        @wraps(method)
        def ask(self: Any, *values: Any, **named: Any) -> Any:
            answer = method(self, *values, **named)
            if self.listener is not None:
                self.listener.asked(self, declared, declared.in_order(values, named), answer)
            return answer

        ask.question = declared  # type: ignore[attr-defined]  # read by `questions`
        return cast("_Method", ask)

    return declare


def questions(site: type) -> dict[str, Question]:
    """Every question of a class of sites, by its name."""
    members = {name: value for one in reversed(site.__mro__) for name, value in vars(one).items()}
    getters = ((name, getattr(one, "fget", one)) for name, one in members.items())
    found = ((name, getattr(getter, "question", None)) for name, getter in getters)
    return {name: declared for name, declared in found if declared}
