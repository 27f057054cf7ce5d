"""Lists of pages that read from the database only what a template uses.

`site.pages` may have 10,000 pages of which a template shows five. So a list is a query that has not
run yet: `fetch(offset, limit)` returns a part of its rows, and `count()` their number. A slice from
the front becomes one `fetch`, and truth a fetch of one row. Only the length, negative positions and
slices without an end need the count, which is asked once.

It matters for incremental builds, too: a page depends on the queries that it asked. A page that
shows five pages does not depend on the number of all, and need not be rendered again if that grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Element = TypeVar("Element")


class ListView(Sequence[Element], Generic[Element]):
    """A sequence over a query: `site.pages[:5]` reads five rows of any number."""

    def __init__(
        self, fetch: Callable[[int, int], Sequence[Element]], count: Callable[[], int]
    ) -> None:
        self._fetch = fetch
        self._count = count
        self._length: int | None = None

    def __len__(self) -> int:
        if self._length is None:
            self._length = self._count()
        return self._length

    def __bool__(self) -> bool:
        return bool(self._fetch(0, 1))

    def __iter__(self) -> Iterator[Element]:
        return iter(self._fetch(0, -1))

    def __reversed__(self) -> Iterator[Element]:
        return reversed(self._fetch(0, -1))

    @overload
    def __getitem__(self, index: int) -> Element: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Element]: ...
    def __getitem__(self, index: int | slice) -> Element | Sequence[Element]:
        if isinstance(index, slice):
            start, stop, step = self._bounds(index)
            return self._fetch(start, max(0, stop - start))[::step]
        position = index if index >= 0 else len(self) + index
        items = self._fetch(position, 1) if position >= 0 else ()
        if not items:
            raise IndexError(index)
        return items[0]

    def _bounds(self, index: slice) -> tuple[int, int, int]:
        """Return start, stop and step. Slices from the front need no count: `[:5]`, `[10:20]`."""
        start, stop = index.start or 0, index.stop
        step = 1 if index.step is None else index.step
        if start >= 0 and stop is not None and stop >= 0 and step > 0:
            return start, stop, step
        if step < 1:
            raise ValueError("a list of pages cannot be sliced backwards; use the reverse filter")
        return index.indices(len(self))
