"""Answers that are kept to ask whether they have changed."""

from __future__ import annotations

import random
import threading

import pytest

from ssg.sources.http.answer_cache import AnswerCache, CachedAnswer

DAY, SOON = "Mon, 30 Nov 2026 10:00:00 GMT", "Mon, 30 Nov 2026 10:00:02 GMT"
"""A date in the same second as the answer does not tell whether that has changed."""


def _answer(size: int, etag: str = '"1"') -> CachedAnswer:
    return CachedAnswer(b"x" * size, etag, "")


@pytest.mark.parametrize(
    ("headers", "conditions"),
    [
        ({"etag": '"1"'}, {"If-None-Match": '"1"'}),
        ({"etag": 'W/"1"', "last-modified": "D"},
         {"If-None-Match": 'W/"1"', "If-Modified-Since": "D"}),
        ({"last-modified": DAY, "date": SOON, "cache-control": "max-age=3"},
         {"If-Modified-Since": DAY}),
        ({"last-modified": DAY, "date": DAY}, None),
        ({"last-modified": DAY}, None),
        ({"last-modified": "yesterday", "date": SOON}, None),
        ({}, None),
        ({"etag": '"1"', "cache-control": "private, No-Store"}, None),
    ],
)  # fmt: skip
def test_an_answer_with_validators_is_kept(
    headers: dict[str, str], conditions: dict[str, str] | None
) -> None:
    answer = CachedAnswer.of(b"body", headers)
    assert (answer and answer.conditions) == conditions


def test_the_least_recently_used_is_dropped() -> None:
    cache = AnswerCache(max_bytes=4000)
    for name in (b"a", b"b", b"c"):
        cache.put(name, _answer(500))
    assert cache.get(b"a")
    cache.put(b"d", _answer(600))
    assert [bool(cache.get(name)) for name in (b"a", b"b", b"c", b"d")] == [
        True, False, True, True,
    ]  # fmt: skip


def test_a_large_answer_drops_no_others() -> None:
    cache = AnswerCache(max_bytes=4000)
    cache.put(b"a", _answer(100))
    cache.put(b"b", _answer(1001))
    assert cache.get(b"a")
    assert cache.get(b"b") is None
    cache.put(b"a", None)
    assert cache.get(b"a") is None


def test_its_size_is_bounded_whatever_threads_do() -> None:
    cache = AnswerCache(max_bytes=50_000)

    def work(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 a test
        for _ in range(3000):
            target = b"%d" % chance.randrange(100)
            if chance.random() < 0.5:
                cache.put(target, _answer(chance.randrange(9000)))
            else:
                cache.get(target)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    kept = [cache.get(b"%d" % number) for number in range(100)]
    assert 10_000 < sum(len(one.body) for one in kept if one) <= 50_000
    for number in range(100):
        cache.put(b"%d" % number, None)
    cache.put(b"a", _answer(12_000))
    assert cache.get(b"a")  # all of the space is there again
