"""What a listener is told besides questions: memos, templates, and work to measure."""

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
        """Return a value that outlives a page: from `memo`, or computed now and kept there.

        All memos of a renderer are used this way, because a page depends on the questions that were
        asked to compute a value, even if another page asked them.
        """
        if self.listener is not None:
            return self.listener.remember(memo, key, find)
        if key not in memo:
            memo[key] = find()
        return memo[key]

    def forget(self, memo: MutableMapping[_Key, _Value]) -> None:
        """Empty a memo that has become too long."""
        if self.listener is not None:
            self.listener.forget(memo)
        memo.clear()

    def uses(self, template: str, layer: int) -> None:
        """Tell that a template is used, whether or not it was loaded before."""
        if self.listener is not None:
            self.listener.template_used(self, template, layer)

    def loaded(self, template: object) -> None:
        """Tell that a template was loaded."""
        if self.listener is not None:
            self.listener.template_loaded(template)

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:
        """Call `find`, which has an entry of its own in profiles."""
        return find() if self.listener is None else self.listener.measure(name, find)

    def clock(self) -> str:
        """The time of the build, for the environment of all templates.

        It is not a question: the text of a template shows whether it reads the clock.
        """
        return self._build_time

    @question(Argument.ROW, changed_by=Change.NAMED)
    def page_count(self, term: Term) -> int:
        """The number of pages of a term. A separate question, because few pages show it."""
        return term.page_count
