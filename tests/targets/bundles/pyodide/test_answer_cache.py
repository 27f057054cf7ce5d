"""The kept answers of sources in JavaScript are those of CPython."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ssg.sources.http.answer_cache import CachedAnswer
from ssg.targets.bundles import pyodide

pytestmark = pytest.mark.node

LIBRARY = Path(pyodide.__file__).parent / "lib/answer_cache.js"
DAY, SOON = "Mon, 30 Nov 2026 10:00:00 GMT", "Mon, 30 Nov 2026 10:00:02 GMT"
CASES = [
    {},
    {"etag": '"1"'},
    {"etag": '"1"', "last-modified": DAY, "date": DAY},
    {"last-modified": DAY, "date": SOON},
    {"last-modified": DAY, "date": DAY},
    {"last-modified": DAY},
    {"last-modified": "yesterday", "date": SOON},
    {"etag": '"1"', "cache-control": "no-store"},
]
SCRIPT = """
const { AnswerCache } = require(process.argv[1]);
const kept = JSON.parse(require('fs').readFileSync(0)).map((headers) => {
  const cache = new AnswerCache();
  cache.put('target', Buffer.from('body'), headers);
  return cache.get('target')?.conditions ?? null;
});
console.log(JSON.stringify(kept));
"""


def test_the_same_answers_are_kept_with_the_same_conditions() -> None:
    done = subprocess.run(
        ["node", "--eval", SCRIPT, str(LIBRARY)], input=json.dumps(CASES),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    ours = [CachedAnswer.of(b"body", headers) for headers in CASES]
    expected = [one.conditions if one else None for one in ours]
    assert json.loads(done.stdout) == expected
    assert expected.count(None) == 5
