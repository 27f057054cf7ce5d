"""The number of times that a cache has a page rendered, from the rate of its requests.

The model: requests for a page come at random at an even rate (a Poisson process), and there is one
cache. The first request after a deploy renders the page; with a ttl, so does the first request
after each time that the cached answer has expired. Renders are then a renewal process: between two
of them lies the ttl, and the time until the next request.
"""

from __future__ import annotations

import math

_MANY = 8
"""Above this number, the formula for a long time is exact enough."""


def expected_renders(requests: float, ttl: float | None) -> float:
    """The expected renders of a page between two deploys.

    `requests` are those between two deploys, and `ttl` is a part of that time; None: it does not
    expire.
    """
    if requests <= 0:
        return 0.0
    if ttl is None or ttl >= 1:
        return -math.expm1(-requests)
    wait = 1 / requests
    cycle = ttl + wait
    if 1 / cycle > _MANY:
        square = ttl * ttl + 2 * ttl * wait + 2 * wait * wait
        return min((1 + square / (2 * cycle) - wait) / cycle, math.ceil(1 / ttl))
    return sum(
        _at_least(number + 1, requests * (1 - number * ttl))
        for number in range(math.ceil(1 / ttl))
        if number < requests + 10 * math.sqrt(requests) + 10
    )


def _at_least(count: int, mean: float) -> float:
    """The probability of at least `count` requests, where `mean` are expected."""
    if mean <= 0:
        return 0.0
    terms = (
        math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
        for number in range(count)
    )
    return max(0.0, 1 - math.fsum(terms))
