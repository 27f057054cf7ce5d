"""What somebody who writes down the questions of a page must hear beside the questions."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import TypeVar

from ssg.model.page import Term

Key = TypeVar("Key")
Value = TypeVar("Value")


class Observed:
    """A site that nobody observes. `RecordingSite` of the build observes one."""

    build_time: str

    def remember(
        self, memo: MutableMapping[Key, Value], key: Key, find: Callable[[], Value]
    ) -> Value:
        """A value that outlives a page: from `memo`, or found now and kept there.

        Every memo of a renderer goes through here: what was asked for to find a value for one page
        is what the next page that is given it hangs on, too.
        """
        if key not in memo:
            memo[key] = find()
        return memo[key]

    def forget(self, memo: MutableMapping[Key, Value]) -> None:
        """Empty a memo that has grown long enough."""
        memo.clear()

    def uses(self, template: str, layer: int) -> None:
        """A template is about to be used, whether or not it is in memory already."""

    def loaded(self, template: object) -> None:
        """A template has come into memory, and is used from there."""

    def measure(self, _name: str, find: Callable[[], Value]) -> Value:
        """What is found by work that has a name of its own in profiles."""
        return find()

    def clock(self) -> str:
        """The time of the build, for all templates. Whether one reads it is seen by its words."""
        return self.build_time

    def page_count(self, term: Term) -> int:
        """How many pages a term has. Asked by itself, as few pages show it."""
        return term.page_count
