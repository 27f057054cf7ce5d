"""Values that visitors could type to get at something else: the same ones in each run."""

from __future__ import annotations

import random
from collections.abc import Iterator

PIECES = (
    "..", "../", "..\\", ".", "./", "/", "//", "\\", "%2e", "%2e%2e", "%2E%2e/", "%2f", "%5c",
    "..;", "%252e%252e%252f", "%25", "%", "%0", "%zz", "%00", "%0d%0a", "\r\n", "\n", "\x00",
    "\x7f", "\t", " ", "@", ":", "?", "#", "&", "=", ";", "+", "'", '"', "`", "''", "--", "/*",
    "*/", "|", "$(id)", "{", "}", "{user}", "${TOKEN}", "[", "]", "(", ")", "*", "!", "~", ",",
    "<script>", "a", "ana", "hello-world", "0", "1", "-1", "é", "ß", "中文", "🙂", "\u202e",
    "\ufeff", "\u2028", "．．", "‥", "／", "%c0%ae", "%c0%af", "%e0%80%ae", "%ff", "\ud800",
    "\u0301", "a" * 120, "%2e" * 60, "evil.example", "//evil.example/", "http://evil.example",
    "@evil.example:80", "evil.example#", "\\\\evil.example\\", "' OR 1=1 --",
    "'; DROP TABLE posts; --", "$1", ":user", "?1", "%s", "\\0",
    "HTTP/1.1\r\nHost: evil.example\r\n\r\n", "null", "true", "[]", "NaN",
    "undefined", "__proto__", "limit=1", "&user=bob", "?admin=1", "#x", "/admin", "/../admin",
    "..%2fadmin", "%u002e",
)  # fmt: skip
LARGE = 10_000
"""The length of the longest values."""


def hostile_values(count: int, seed: int = 14) -> Iterator[str]:
    """Values of one to six pieces; each 500th is a long one."""
    chance = random.Random(seed)  # noqa: S311 chosen at random, not secret
    for number in range(count):
        value = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        yield value if number % 500 else (value * LARGE)[:LARGE]
