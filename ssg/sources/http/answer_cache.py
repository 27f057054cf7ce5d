"""Answers with an ETag or a date, to ask whether they have changed (RFC 9110, section 13)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

MAX_CACHE_BYTES = 16_000_000
"""The bodies of one source; the least recently used are dropped."""
_LARGEST_SHARE = 4
_LEAST_AGE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A body, and the validators that it came with."""

    body: bytes
    etag: str
    last_modified: str

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, str]) -> CachedAnswer | None:
        """None for an answer that has no validators, or that nobody may keep."""
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        may_keep = "no-store" not in headers.get("cache-control", "").lower()
        is_telling = bool(etag) or _is_older(modified, headers.get("date", ""))
        return cls(body, etag, modified) if is_telling and may_keep else None

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the body only if it has changed."""
        both = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in both.items() if value}


def _is_older(modified: str, sent: str) -> bool:
    """Whether a change after an answer was sent gets another date, which counts whole seconds.

    See RFC 9110, section 8.8.2.2.
    """
    try:
        age = parsedate_to_datetime(sent) - parsedate_to_datetime(modified)
    except (TypeError, ValueError):
        return False
    return age.total_seconds() >= _LEAST_AGE_SECONDS


class AnswerCache:
    """The answers of one source, by target. Safe between threads.

    Each use is a request: the source says whether the body is still the same.
    """

    def __init__(self, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._answers: OrderedDict[bytes, CachedAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, target: bytes) -> CachedAnswer | None:
        """The last answer for a target."""
        with self._lock:
            if target in self._answers:
                self._answers.move_to_end(target)
            return self._answers.get(target)

    def put(self, target: bytes, answer: CachedAnswer | None) -> None:
        """Keep an answer in place of the last one; None only forgets that."""
        with self._lock:
            self._remove(target)
            if answer is not None and len(answer.body) * _LARGEST_SHARE <= self._max_bytes:
                self._answers[target] = answer
                self._bytes += _size(target, answer)
            while self._bytes > self._max_bytes:
                self._remove(next(iter(self._answers)))

    def _remove(self, target: bytes) -> None:
        answer = self._answers.pop(target, None)
        self._bytes -= _size(target, answer) if answer else 0


def _size(target: bytes, answer: CachedAnswer) -> int:
    return len(target) + len(answer.body) + len(answer.etag) + 500
