"""Pace and repetition of requests to a host, with a clock of our own."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import PurgeError
from ssg.targets.purge.delivery import (
    MAX_RETRIES,
    MAX_RETRIES_WITHOUT_ANSWER,
    MAX_WAIT_SECONDS,
    Delivery,
    Pace,
    delay_after,
    retry_after_seconds,
)
from ssg.targets.purge.http_post import PostAnswer, PostRequest
from tests.targets.purge.fake_host import START, FakeClock

REQUEST = PostRequest("https://host.example/", b"{}", {})
DATE = formatdate(START + 17, usegmt=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        (" 0 ", 0.0),
        (DATE, 17.0),
        ("Thu Jan  1 00:00:17 2026", 17.0),
        ("Thursday, 01-Jan-26 00:00:17 GMT", 17.0),
        ("Thu, 01 Jan 2026 01:00:17 +0100", 17.0),
        (formatdate(START - 60, usegmt=True), 0.0),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("", None),
        (None, None),
        ("９", None),
        ("0\x1f", 0),
        ("Mon, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(text, START) == seconds


@given(st.text())
def test_retry_after_may_be_anything(text: str) -> None:
    found = retry_after_seconds(text, START)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("answer", "delays"),
    [
        (PostAnswer(429), [5.0, 5.0, 5.0, 5.0, None]),
        (PostAnswer(429, "2"), [2.0, 2.0, 2.0, 2.0, None]),
        (PostAnswer(429, DATE), [17.0, 17.0, 17.0, 17.0, None]),
        (PostAnswer(500), [1.0, 2.0, 4.0, 8.0, None]),
        (PostAnswer(503, "9"), [9.0, 9.0, 9.0, 9.0, None]),
        (PostAnswer(None, failure="refused"), [1.0, 2.0, None, None, None]),
        (PostAnswer(429, f"{MAX_WAIT_SECONDS + 1:.0f}"), [None] * 5),
        *((PostAnswer(status), [None] * 5) for status in (301, 400, 401, 403, 404, 422, 501)),
    ],
)
def test_what_follows_an_answer(answer: PostAnswer, delays: list[float | None]) -> None:
    assert [delay_after(answer, retries, START) for retries in range(5)] == delays


def delivered(*answers: PostAnswer) -> tuple[FakeClock, list[float]]:
    """Send a request that is answered so; returns the clock, and when it was asked."""
    clock, times, left = FakeClock(), [], list(answers)

    def post(request: PostRequest) -> PostAnswer:
        times.append(clock.now)
        return left.pop(0)

    Delivery("Host", Pace(2, 5.0), {}, clock.clock, post).send(lambda: REQUEST)
    return clock, times


def test_a_busy_host_is_asked_again_after_the_time_that_it_says() -> None:
    clock, times = delivered(PostAnswer(429, "20"), PostAnswer(429, DATE), PostAnswer(202))
    assert clock.slept == [20.0, 0.0]  # the date is 17 s after the start
    assert times == [0.0, 20.0, 20.0]


@pytest.mark.parametrize(
    ("answer", "attempts", "message"),
    [
        (PostAnswer(429), MAX_RETRIES + 1, "Host answered with status 429. Try again later"),
        (PostAnswer(500), MAX_RETRIES + 1, "Host answered with status 500"),
        (PostAnswer(400), 1, "Host answered with status 400. Look at the request"),
        (
            PostAnswer(None, failure="timed out"),
            MAX_RETRIES_WITHOUT_ANSWER + 1,
            "Host does not answer: timed out",
        ),
        (PostAnswer(400, "\x1b[31msoon"), 1, "Host answered with status 400. Look at the request"),
        (
            PostAnswer(429, "3600"),
            1,
            "Host answered with status 429 and Retry-After 3600. Try again later",
        ),
    ],
)
def test_a_host_that_stays_busy_is_an_error(
    answer: PostAnswer, attempts: int, message: str
) -> None:
    asked = []

    def post(request: PostRequest) -> PostAnswer:
        asked.append(request)
        return answer

    delivery = Delivery("Host", Pace(2, 5.0), {400: "Look at the request"}, FakeClock().clock, post)
    with pytest.raises(PurgeError) as caught:
        delivery.send(lambda: REQUEST)
    assert str(caught.value) == message
    assert len(asked) == attempts


@given(
    st.lists(st.tuples(st.floats(0, 8), st.floats(0, 3)), min_size=1, max_size=30),
    st.integers(1, 4),
)
def test_no_more_requests_reach_a_host_than_its_pace(
    steps: list[tuple[float, float]], requests: int
) -> None:
    """A request may reach the host at any moment between its begin and its answer."""
    clock, spans = FakeClock(), []
    durations = iter([takes for _, takes in steps])

    def answer(_: PostRequest) -> PostAnswer:
        begin = clock.now
        clock.now += next(durations)
        spans.append((begin, clock.now))
        return PostAnswer(202)

    delivery = Delivery("Host", Pace(requests, 5.0), {}, clock.clock, answer)
    for pause, _ in steps:
        clock.now += pause
        delivery.send(lambda: REQUEST)
    for before, after in zip(spans, spans[requests:], strict=False):
        assert after[0] - before[1] >= 5.0 - 1e-9
    assert sum(clock.slept) <= 5.0 * len(steps)


def test_each_wait_for_a_busy_host_is_told() -> None:
    said: list[str] = []
    answers = [PostAnswer(429), PostAnswer(None, failure="refused"), PostAnswer(200)]
    delivery = Delivery(
        "Host", Pace(2, 5.0), {}, FakeClock().clock, lambda _: answers.pop(0), said.append
    )
    delivery.send(lambda: REQUEST)
    assert said == [
        "Host answered with status 429; trying again in 5 s",
        "Host does not answer: refused; trying again in 2 s",
    ]
