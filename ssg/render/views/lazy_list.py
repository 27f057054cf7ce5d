"""Lists that ask the database only for what a template takes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Element = TypeVar("Element")


class ListView(Sequence[Element], Generic[Element]):
    """A sequence over a query: `site.pages[:5]` reads five rows, however many there are."""

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
        """Plain slices from the front need no count: `[:5]`, `[10:20]`."""
        start, stop = index.start or 0, index.stop
        step = 1 if index.step is None else index.step
        if start >= 0 and stop is not None and stop >= 0 and step > 0:
            return start, stop, step
        if step < 1:
            raise ValueError("a collection cannot be sliced backwards; use the reverse filter")
        return index.indices(len(self))
