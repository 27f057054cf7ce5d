"""A site that has a page of every template of the themes that come with ssg, below a path."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import build_site, write
from tests.e2e.file_server import QuietFiles, serving_folder

BASE = "/sub/path/"
CONFIG = """
title = "Harbour notes"
base_url = "https://example.org/sub/path/"
description = "Short notes from a harbour."
author = "Ann"

[languages.en]
name = "English"

[languages.ar]
name = "العربية"
title = "ملاحظات الميناء"

[search]
enabled = true

[archive]
path = "/archive/"

[taxonomies.tags]
paginate_by = 3

[extra]
logo = "/favicon.svg"
edit = "https://example.com/edit/"
social = [{name = "Elsewhere", url = "https://example.com/@ann"}]
"""
CRANES = """---
title: Cranes
description: How to lift a boat.
weight: 1
---
A crane lifts a boat[^1]. See [the ropes](ropes.md).

[^1]: Not every boat.

## Lifting

```python {linenos=true, hl_lines="2"}
def lift(boat: str, height: float = 3.0, wind: float = 0.0, crane: str = "north") -> bool:
    return height < 10  # not too high
```

> [!WARNING]
> Do not stand below.

### By hand

| boat | length | who lifts it | when it was lifted last | remarks |
|---|---|---|---|---|
| `dinghy` | 3 m | Ann | 2026-01-01 | none |

- [x] done
- [ ] open

{% note(kind="tip") %}
A *tip*.
{% end %}

## Lowering

> Wind from the west.
"""
PAGES = {
    "content/_index.md": """---
title: Notes from the harbour
description: What came in, and what went out.
actions: [{title: Read on, path: "@/docs/_index.md"}]
features: [{title: Boats, text: "From the *dinghy* on."}]
---
""",
    "content/_index.ar.md": "---\ntitle: ملاحظات من الميناء\n---\nنص عن الميناء.\n",
    "content/docs/_index.md": "---\ntitle: Guide\nsort_by: weight\n---\nBegin with the cranes.\n",
    "content/docs/cranes.md": CRANES,
    "content/docs/ropes.md": "---\ntitle: Ropes\nweight: 2\n---\nOf hemp.\n",
    "content/docs/deep/_index.md": "---\ntitle: Deep water\nsort_by: weight\n---\n",
    "content/docs/deep/abyss.md": "---\ntitle: The abyss\n---\nDark.\n",
    "content/blog/_index.md": "---\ntitle: Blog\npaginate_by: 5\ngenerate_feeds: true\n---\n",
    "content/blog/_index.ar.md": "---\ntitle: المدونة\n---\n",
    "content/blog/day-1.ar.md": "---\ntitle: قوارب اليوم\ndate: 2025-03-01\n---\nقوارب.\n\n"
    "## ما وصل\n\n```python\nprint(1)\n```\n\n## ما غادر\n\nسفينة.\n",
}
POST = """---
title: Boats of day {0}
date: 202{1}-03-{0:02}
updated: 2025-12-01
authors: [Ann, Bo]
tags: [boats, "wind {1}"]
description: What came in on day {0}.
---
Boats of the day, and a café.

## What came in

A {2} called Zephyr{0}.

## What went out

Nothing.
"""
TEMPLATES = (
    "", "docs/", "docs/cranes/", "docs/deep/abyss/", "blog/", "blog/page/2/", "blog/day-1/",
    "tags/", "tags/boats/", "tags/boats/page/2/", "archive/", "archive/2025/", "no/such/page/",
    "ar/", "ar/blog/day-1/",
)  # fmt: skip
"""A path of each."""


def build_theme_site(folder: Path, theme: str = "default", boat: str = "dinghy") -> Path:
    """Build the site; returns the folder in which it is below its path, for a server."""
    posts = {f"content/blog/day-{n}.md": POST.format(n, n % 3 + 3, boat) for n in range(1, 13)}
    config = CONFIG if theme == "default" else CONFIG.replace('logo = "/favicon.svg"\n', "")
    files = {**PAGES, **posts, "ssg.toml": f'theme = "{theme}"\n{config}'}
    if theme != "default":  # which has no shortcodes
        files["templates/shortcodes/note.html"] = "<div>{{ body }}</div>\n"
    write(folder / "site", files)
    built = build_site(folder / "site", output_dir="public")
    root = folder / "root"
    place = root / BASE.strip("/")
    place.parent.mkdir(parents=True)
    built.report.output.rename(place)
    return root


@contextlib.contextmanager
def serving_files(root: Path) -> Iterator[str]:
    """A plain file server over a folder; yields the site's URL."""
    with serving_folder(root, _Files) as url:
        yield url + BASE.removeprefix("/")


class _Files(QuietFiles):
    """Answers what is missing with the site's own error page."""

    def end_headers(self) -> None:
        if "/search/" in self.path:  # of the index, the browser keeps even what will change
            self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        page = Path(self.directory) / BASE.strip("/") / "404.html"
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
