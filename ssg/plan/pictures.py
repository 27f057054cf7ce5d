"""Decides for each picture whether its variants are critical or deferred, with the reason.

The first rule of the kind `image` whose glob matches the path of a picture decides for all its
variants: deferred, or made by the build even if no page shows them. Without a rule it is decided by
use: the build makes the variants that critical pages show, and all others are made on their first
request. A target without a function makes what its pages show, whatever a rule defers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ssg.model.glob import compile_glob
from ssg.model.images.settings import IMAGE_RULE
from ssg.model.settings import DeferRule
from ssg.plan.rule_name import rule_name

BY_USE = "the build makes what critical pages show"

_PATHS = "SELECT path FROM picture ORDER BY path"
_DECIDED = """
UPDATE picture SET (deferred, reason) = (:deferred, :reason)
WHERE path = :path AND (deferred, reason) IS NOT (:deferred, :reason)
"""


class PictureDecision(NamedTuple):
    """Whether the variants of a picture are deferred. None: those that no critical page shows."""

    deferred: bool | None
    reason: str


def plan_pictures(
    connection: sqlite3.Connection, rules: Sequence[DeferRule], target: str, *, defers: bool
) -> None:
    """Decide for each picture of the database, and store the decision with its reason."""
    paths = [path for (path,) in connection.execute(_PATHS)]
    decisions = decide_pictures(paths, rules, target, defers=defers)
    connection.executemany(_DECIDED, _rows(paths, decisions))


def decide_pictures(
    paths: Iterable[str], rules: Sequence[DeferRule], target: str, *, defers: bool
) -> Iterator[PictureDecision]:
    """A decision for each picture, given by its path in the publish folder."""
    prepared = [
        (
            compile_glob(rule.match).fullmatch if rule.match is not None else None,
            PictureDecision(rule.deferred, rule_name(rule, number)),
        )
        for number, rule in enumerate(rules, 1)
        if rule.kind == IMAGE_RULE and (defers or not rule.deferred)
    ]
    usual = PictureDecision(None, BY_USE if defers else f"target {target} makes what pages show")
    for path in paths:
        name = path.removeprefix("/")
        found = (decision for matches, decision in prepared if matches is None or matches(name))
        yield next(found, usual)


def _rows(
    paths: Iterable[str], decisions: Iterable[PictureDecision]
) -> Iterator[Mapping[str, object]]:
    for path, decision in zip(paths, decisions, strict=True):
        yield {"path": path, **decision._asdict()}
