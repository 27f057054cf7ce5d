"""Questions: the methods of a `Site` on whose answers a page can depend.

A page depends on the answers that it is given while it is rendered, not on files or tables. So each
such method is declared a question where it is defined, with two facts for the recorder:

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
    """The diff names each question of this kind whose answer changed."""
    SLICE = auto()
    """The order or the members of the list of which the answer is a slice."""
    LISTS = auto()
    """The order or the members of any list: the answer consists of paths and counts."""
    CHILDREN = auto()
    """A page that was added, removed or changed below the page in question."""
    SHARED_TERMS = auto()
    """The pages of a term that the page has."""
    ADDRESSES = auto()
    """What sitemaps list."""
    ANYTHING = auto()
    """Anything except texts."""


@dataclass(frozen=True, slots=True)
class Question:
    """The declaration of a question."""

    name: str
    arguments: tuple[Argument, ...]
    changed_by: Change
    parameters: tuple[str, ...]
    defaults: Mapping[str, Any]
    is_plain: bool = False
    """Whether all arguments are plain values."""

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
    """Is told which questions a site is asked, and what a renderer does."""

    def asked(self, site: Any, question: Question, values: tuple[Any, ...], answer: Any) -> None:
        """A question was answered."""

    def remember(
        self, memo: MutableMapping[_Key, _Value], key: _Key, find: Callable[[], _Value]
    ) -> _Value:
        """As `Site.remember`."""

    def forget(self, memo: MutableMapping[Any, Any]) -> None:
        """A memo is emptied."""

    def template_used(self, site: Any, name: str, layer: int) -> None:
        """A template is used, whether or not it was loaded before."""

    def template_loaded(self, template: object) -> None:
        """A template was loaded."""

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:
        """Call `find`, which has an entry of its own in profiles."""


def question(
    *arguments: Argument, changed_by: Change = Change.ANYTHING, name: str = ""
) -> Callable[[_Method], _Method]:
    """Declare a method of a `Site` a question.

    `arguments` are the kinds of its parameters, by default plain values. `name` is that of another
    question that is the same.
    """

    def declare(method: _Method) -> _Method:
        code = method.__code__
        parameters = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        positional, defaults = parameters[: code.co_argcount - 1], method.__defaults__ or ()
        given_defaults = dict(
            zip(positional[len(positional) - len(defaults) :], defaults, strict=True)
        )
        plain = (Argument.VALUE,) * (len(parameters) - len(arguments))
        declared = Question(
            name or method.__name__,
            (*arguments, *plain),
            changed_by,
            parameters,
            {**given_defaults, **(method.__kwdefaults__ or {})},
            is_plain={*arguments} <= {Argument.VALUE},
        )

        @wraps(method)
        def ask(self: Any, *values: Any, **named: Any) -> Any:
            answer = method(self, *values, **named)
            if self.listener is not None:
                arguments = declared.in_order(values, named) if named else values
                self.listener.asked(self, declared, arguments, answer)
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
