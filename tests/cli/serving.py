"""`ssg serve` and other commands as processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SITE = {
    "ssg.toml": 'theme = ""\n[target]\nname = "netlify"\n[[deferred.rules]]\nmatch = "blog/**"\n',
    "templates/page.html": "<body>{{ page.title }}: {{ page.content }}</body>",
    "templates/section.html": "<body>{{ page.title }}</body>",
    "templates/taxonomy.html": "",
    "templates/term.html": "",
    "content/blog/old.md": "---\ntitle: Old\ndate: 2020-01-01\n---\nold",
    "content/blog/new.md": "---\ntitle: New\ndate: 2024-01-01\n---\nnew",
    "content/blog/draft.md": "---\ntitle: Draft\ndate: 2022-01-01\ndraft: true\n---\ndraft",
    "content/about.md": "---\ntitle: About\n---\nabout",
    "static/app.css": "h1 { color: red }",
}


@dataclass(frozen=True)
class Served:
    """A running `ssg serve`."""

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def get(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read().decode()
        finally:
            connection.close()


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1", **more}


@contextmanager
def serving(root: Path, *options: str, **more: str) -> Iterator[Served]:
    """Serve a site on a free port; ended by its own id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ssg", "serve", "--port", "0", *options],
        cwd=root, env=environment(**more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = next(text for text in process.stderr if "http://" in text)
        yield Served(int(line.split("http://127.0.0.1:")[1].split("/")[0]), process)
    finally:
        process.kill()
        process.communicate()


def ssg(root: Path, *words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ssg", *words],
        cwd=root, env=environment(), capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip
