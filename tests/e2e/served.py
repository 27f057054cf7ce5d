"""A small site with the default theme, behind `ssg serve`, for tests in a browser."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
title = "Harbour notes"
base_url = "https://example.org/"
description = "Short notes from a harbour."

[target]
name = "netlify"

[taxonomies.tags]

[[deferred.rules]]
match = "posts/**"
ttl = 120

[[deferred.rules]]
kind = "term"
"""

POST = """---
title: Post {number}
date: 2024-01-{number:02}
tags: [{tag}]
---
Boats of the day, number {number}, with a [link](@/about.md).

## What came in

```python
def boats(day: int) -> list[str]:
    return ["dinghy"] * day  # all of them
```

| boat   | length |
|--------|--------|
| dinghy | 3 m    |

> Wind from the west.
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A running `ssg serve`."""

    url: str
    folder: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def dashboard(self) -> str:
        return self.url + "/__ssg/"

    def read(self, path: str) -> str:
        """A page of the site, as a visitor gets it."""
        with urllib.request.urlopen(self.url + path, timeout=15) as response:  # noqa: S310
            return str(response.read().decode())


def write_site(folder: Path) -> None:
    """Critical and deferred pages, terms, and more posts than a screenful."""
    (folder / "content/posts").mkdir(parents=True)
    (folder / "ssg.toml").write_text(CONFIG)
    (folder / "content/about.md").write_text("---\ntitle: About\n---\nWho writes here.\n")
    for number in range(1, 29):
        tag = "boats" if number % 2 else "weather"
        text = POST.format(number=number, tag=tag)
        (folder / f"content/posts/post-{number:02}.md").write_text(text)


@contextlib.contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Served]:
    """Run `ssg serve` over a folder. Ended by its own id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ssg", "serve", "--port", str(port), "--quiet"], cwd=folder,
        env={**os.environ, "NO_COLOR": "1"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr
        started = next(line for line in process.stderr if "serving on http://" in line)
        found = re.search(r"http://127\.0\.0\.1:\d+", started)
        assert found
        yield Served(found.group(), folder)
    finally:
        process.terminate()
        process.wait(15)
