"""What a listener must hear beside the questions: memos, templates, and work to be measured."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import TypeVar

from ssg.model.page import Term
from ssg.model.queries.questions import Argument, Change, Listener, question

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class InstrumentedQueries:
    """The part of a `Site` that tells its listener, if it has one, what a renderer does."""

    listener: Listener | None = None
    _build_time: str

    def remember(
        self, memo: MutableMapping[_Key, _Value], key: _Key, find: Callable[[], _Value]
    ) -> _Value:
        """Return a value that outlives a page: from `memo`, or found now and kept there.

        Every memo of a renderer goes through here, because a page that is given a value depends on
        what was asked to find it, even if another page asked.
        """
        if self.listener is not None:
            return self.listener.remember(memo, key, find)
        if key not in memo:
            memo[key] = find()
        return memo[key]

    def forget(self, memo: MutableMapping[_Key, _Value]) -> None:
        """Empty a memo that has grown long enough."""
        if self.listener is not None:
            self.listener.forget(memo)
        memo.clear()

    def uses(self, template: str, layer: int) -> None:
        """Tell that a template is about to be used, whether or not it is in memory already."""
        if self.listener is not None:
            self.listener.template_used(self, template, layer)

    def loaded(self, template: object) -> None:
        """Tell that a template came into memory, and is used from there."""
        if self.listener is not None:
            self.listener.template_loaded(template)

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:
        """Find something by work that has a name of its own in profiles."""
        return find() if self.listener is None else self.listener.measure(name, find)

    def clock(self) -> str:
        """The time of the build, for the environment of all templates.

        It is not a question: the words of a template show whether it reads the clock.
        """
        return self._build_time

    @question(Argument.ROW, changed_by=Change.NAMED)
    def page_count(self, term: Term) -> int:
        """The number of pages of a term. A question by itself, because few pages show it."""
        return term.page_count
