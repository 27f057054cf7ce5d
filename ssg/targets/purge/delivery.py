"""Sends requests one after the other: at a host's pace, and again where the host is busy.

What to do after an answer is decided by `delay_after`, which is pure. Clocks and sleep are
arguments of `Delivery`.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from itertools import count

from ssg.model.errors import Problem, PurgeError
from ssg.targets.purge.http_post import Post, PostAnswer, PostRequest, post

MAX_RETRIES = 4
MAX_RETRIES_WITHOUT_ANSWER = 2
MAX_WAIT_SECONDS = 120.0
"""The longest wait that a host may ask for."""
_DEFAULT_WAIT_SECONDS = 5.0
"""After 429 without Retry-After."""
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DeliveryClock:
    """The time, and waiting for it."""

    monotonic: Callable[[], float] = time.monotonic
    unix_time: Callable[[], float] = time.time
    """Seconds since 1970, for dates of the host and for signatures."""
    sleep: Callable[[float], None] = time.sleep


class Delivery:
    """Sends requests to one host. `hints` says what to do about a status."""

    def __init__(
        self,
        host: str,
        pace: Pace,
        hints: Mapping[int, str],
        clock: DeliveryClock = DeliveryClock(),
        send: Post = post,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._host = host
        self._pace = pace
        self._hints = hints
        self._clock = clock
        self._post = send
        self._log = log
        self._answered: deque[float] = deque()

    def send(self, request: Callable[[], PostRequest], done: str = "") -> None:
        """Send a request, which is made anew for each attempt. Raises PurgeError.

        `done` says in the message what was sent before.
        """
        for retries in count():
            self._wait_for_pace()
            answer = self._post(request())
            self._answered.append(self._clock.monotonic())
            if answer.status is not None and 200 <= answer.status < 300:
                return
            delay = delay_after(answer, retries, self._clock.unix_time())
            if delay is None:
                raise PurgeError(self._problem(answer, done))
            self._log(f"{self._host} {_said(answer)}; trying again in {delay:.0f} s")
            self._clock.sleep(delay)

    def _wait_for_pace(self) -> None:
        """Wait until the host has answered fewer than `requests` in the last `seconds`."""
        while len(self._answered) >= self._pace.requests:
            wait = self._answered.popleft() + self._pace.seconds - self._clock.monotonic()
            if wait > 0:
                self._clock.sleep(wait)

    def _problem(self, answer: PostAnswer, done: str) -> Problem:
        before = f"; {done}" if done else ""
        hint = self._hints.get(answer.status or 0)
        if hint is None and answer.status == 429:
            hint = "Try again later"
        return Problem(f"{self._host} {_said(answer)}{before}", None, hint)


def delay_after(answer: PostAnswer, retries: int, now: float) -> float | None:
    """How long to wait before the next attempt; None if there should be none."""
    limit = MAX_RETRIES if answer.status else MAX_RETRIES_WITHOUT_ANSWER
    if retries >= limit or not _is_worth_another(answer.status):
        return None
    wait = retry_after_seconds(answer.retry_after, now)
    if wait is None:
        wait = _DEFAULT_WAIT_SECONDS if answer.status == 429 else float(2**retries)
    return wait if wait <= MAX_WAIT_SECONDS else None


def _is_worth_another(status: int | None) -> bool:
    """Whether a host is busy or down. 501 stays."""
    return status is None or status == 429 or (status >= 500 and status != 501)


def retry_after_seconds(text: str | None, now: float) -> float | None:
    """The wait that `Retry-After` asks for (RFC 9110, section 10.2.3); None if it is not valid."""
    if text is None:
        return None
    if seconds := _SECONDS.fullmatch(text.strip()):
        return float(seconds[0])
    try:
        date = parsedate_to_datetime(text)
        if date.tzinfo is None:  # one of the old forms, which are GMT, too
            date = date.replace(tzinfo=UTC)
        return max(0.0, date.timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _said(answer: PostAnswer) -> str:
    """What the host answered, in our words: a text of the host is not repeated."""
    if answer.status is None:
        return f"does not answer: {answer.failure}"
    asked = answer.retry_after or ""
    wait = f" and Retry-After {asked}" if _SECONDS.fullmatch(asked) else ""
    return f"answered with status {answer.status}{wait}"
