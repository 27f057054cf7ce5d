"""Records of what the edge does, for its caller to log. The edge itself prints nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ssg.edge.policy import RenderKind, StoreVerdict
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.http import Failure


class AnswerSource(StrEnum):
    """Where an answer came from."""

    FILE = "file"
    REDIRECT = "redirect"
    HIT = "hit"
    STALE = "stale"
    """An expired response; a refresh is running or has failed."""
    REFRESH = "refresh"
    """An expired response; this request triggered a refresh."""
    MISS = "miss"
    COLLAPSED = "collapsed"
    """Waited for a render that another request had started."""
    REFUSED = "refused"
    """The method is not GET or HEAD, or a password is missing."""
    NOTHING = "nothing"
    """No file, rule or builder answers."""
    ELSEWHERE = "elsewhere"
    """Something that is not run here: another host, another function."""
    OVERLOADED = "overloaded"
    """Nothing is stored, and too many renders wait already."""
    DRAFT = "draft"
    """A live page with unpublished data, from the function and for one visitor."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """One answered request. `path` is as it came: percent-encoded, without the query."""

    method: str
    path: str
    status: int
    source: AnswerSource
    milliseconds: float
    body_bytes: int
    request_id: str = ""
    """The name that a server gives a request; empty if it gives none."""
    client: str = ""
    """The address of the client, if it is known."""


@dataclass(frozen=True, slots=True)
class RenderRecord:
    """One call of a builder."""

    path: str
    kind: RenderKind
    status: int
    verdict: StoreVerdict
    milliseconds: float
    failure: Failure | None = None


class SourceOutcome(StrEnum):
    """What a source of data had for a request."""

    OK = "ok"
    MISSING = "missing"
    """It has nothing there: 404, for example."""
    FAILED = "failed"
    """It did not answer, or answered with an error."""

    @classmethod
    def of(cls, answer: DataAnswer) -> SourceOutcome:
        """The outcome of an answer."""
        if answer.is_missing:
            return cls.MISSING
        return cls.OK if not answer.problem and 200 <= answer.status < 300 else cls.FAILED


class SourceOrigin(StrEnum):
    """What answered a request to a source of data."""

    SOURCE = "source"
    RECORDING = "recording"
    DASHBOARD = "dashboard"
    """A fault that was made on purpose."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One request to a source of data."""

    request: DataRequest
    status: int
    outcome: SourceOutcome
    milliseconds: float
    problem: str = ""
    """Why there is no answer; contains no secret."""
    origin: SourceOrigin = SourceOrigin.SOURCE


class VariantOutcome(StrEnum):
    """Where a variant of a picture came from."""

    CACHED = "cached"
    """It was made before."""
    SHARED = "shared"
    """Another machine has made it."""
    MADE = "made"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """One variant that was made, or could not be."""

    picture: str
    """The path of the picture."""
    name: str
    """The file name of the variant."""
    outcome: VariantOutcome
    milliseconds: float
    problem: str = ""


class NoticeLevel(StrEnum):
    """The severity of a notice."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that does not belong to one request."""

    level: NoticeLevel
    message: str


EdgeRecord = AccessRecord | RenderRecord | SourceRecord | VariantRecord | Notice
EdgeLog = Callable[[EdgeRecord], None]


def source_log(
    log: EdgeLog, origin: SourceOrigin = SourceOrigin.SOURCE
) -> Callable[[DataRequest, DataAnswer, float], None]:
    """An observer of sources that writes records."""

    def observe(request: DataRequest, answer: DataAnswer, seconds: float) -> None:
        outcome = SourceOutcome.of(answer)
        milliseconds, problem = seconds * 1000, answer.problem
        log(SourceRecord(request, answer.status, outcome, milliseconds, problem, origin))

    return observe
