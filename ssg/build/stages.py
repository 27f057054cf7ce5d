"""The stages of a build: timed, and reported to an observer."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


class Observer(Protocol):
    """Observes the progress of a build."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins; `total` is the number of its steps, 0 if they are not counted."""

    def advance(self, steps: int) -> None:
        """Steps of the stage are done."""


class Silent:
    """An observer that shows nothing."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, steps: int) -> None: ...


@dataclass(slots=True)
class Stages:
    """Times stages: `with stages("scan"): ...`."""

    observer: Observer
    seconds: list[tuple[str, float]] = field(default_factory=list)

    @contextlib.contextmanager
    def __call__(self, name: str, total: int = 0) -> Iterator[None]:
        self.observer.begin(name, total)
        start = time.perf_counter()
        yield
        self.seconds.append((name, time.perf_counter() - start))
