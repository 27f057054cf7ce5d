"""The type of `map`, perhaps with other processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class ParallelMap(Protocol):
    """Calls a function for each item, and gives the results in the order of the items.

    Function, items and results must be picklable.
    """

    def __call__(
        self, function: Callable[[_Item], _Result], items: Iterable[_Item], /
    ) -> Iterable[_Result]: ...
