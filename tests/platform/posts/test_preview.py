"""A preview is what the page of the post is going to have."""

from __future__ import annotations

import functools
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from blog.posts import markdown
from tests.platform.client import RunningApi
from tests.platform.posts.writer import Writer
from tests.platform.site.conftest import PlatformSite, build_platform, copy_site
from tests.platform.site.fake_api import FakeApi, Post, fake_api

TEXT = """\
# Heading & more

A *text* with **words**, `code`, ~~gone~~, [here](#user-heading),
and a [link](https://example.org/).[^1]

- [ ] one
- [x] two

| a | b |
|---|--:|
| 1 | 2 |

```python
def f(x): return x  # highlighted
```

> ![A pier](/media/pier.webp "The pier")

<script>alert(1)</script> {{ call() }} [bad](javascript:alert(1)) "quotes" -- dash $x^2$

<!-- more -->

Last &amp; <b>least</b>.

[^1]: A note.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformSite]:
    """The site, with one post."""
    post = Post("ana", "corpus", "A <b>title</b>", TEXT)
    with fake_api(FakeApi(names={"ana": "Ana"}, posts=[post])) as api:
        root = copy_site(tmp_path_factory.mktemp("preview"))
        yield PlatformSite(build_platform(root, api), api)


def test_a_preview_has_the_html_of_the_page(ana: Writer, site: PlatformSite) -> None:
    found = ana.value("POST", "/api/preview", {"title": "A <b>title</b>", "text": TEXT})
    page = site.html("/ana/corpus/")
    prose = re.search(r'<div class="prose">\n(.*?)\n  </div>\n  <footer>', page, re.S)
    assert prose, page
    assert found["html"].strip() == prose[1].strip()
    title = re.search("<h1>(.*?)</h1>", page)
    assert title
    assert found["title"] == title[1] == "A &lt;b&gt;title&lt;/b&gt;"
    assert "<script" not in found["html"]
    assert 'href="javascript:' not in found["html"]


def test_a_preview_says_what_is_too_much(ana: Writer) -> None:
    for text in ("x" * 100_001, "a\n" * 10_001, "\0"):
        answer = ana.send("POST", "/api/preview", {"text": text})
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["text"])


def test_a_preview_is_for_authors(api: RunningApi) -> None:
    answer = api.client.post("/api/preview", json={"text": "x"})
    assert answer.status_code == 401


def test_many_previews_leave_threads_to_others(
    ana: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def slowly(_: str) -> str:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.2)
        with lock:
            busy -= 1
        return "<p>A</p>"

    monkeypatch.setattr(markdown, "html_of", slowly)
    with ThreadPoolExecutor(12) as pool:
        send = functools.partial(ana.send, "POST", "/api/preview", {"text": "A"})
        answers = [one.result() for one in [pool.submit(send) for _ in range(12)]]
    assert most == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [503] * 3
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused[0].headers["retry-after"] == "2"
