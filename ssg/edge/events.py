"""What the edge tells its caller. The edge itself prints nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ssg.edge.policy import RenderKind, StoreVerdict
from ssg.runtime.http import Failure


class AnswerSource(StrEnum):
    """Where an answer came from."""

    FILE = "file"
    REDIRECT = "redirect"
    HIT = "hit"
    STALE = "stale"
    """An expired response; a refresh is under way or has failed."""
    REFRESH = "refresh"
    """An expired response whose request triggered a refresh."""
    MISS = "miss"
    COLLAPSED = "collapsed"
    """Waited for a render that another request had started."""
    REFUSED = "refused"
    """The method is not GET or HEAD."""
    NOTHING = "nothing"
    """No file, rule or builder answers."""
    ELSEWHERE = "elsewhere"
    """Something that the preview does not run: another host, another function."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """One request, answered. `path` stands as it came, percent-encoded, with no query."""

    method: str
    path: str
    status: int
    source: AnswerSource
    milliseconds: float
    body_bytes: int


@dataclass(frozen=True, slots=True)
class RenderRecord:
    """One call of a builder."""

    path: str
    kind: RenderKind
    status: int
    verdict: StoreVerdict
    milliseconds: float
    failure: Failure | None = None


class NoticeLevel(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell, of no single request."""

    level: NoticeLevel
    message: str


EdgeRecord = AccessRecord | RenderRecord | Notice
EdgeLog = Callable[[EdgeRecord], None]
