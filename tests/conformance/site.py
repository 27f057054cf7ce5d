"""The site that every host is asked for, rendered whole beside it, and the answers expected."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.urls import output_file, quote_path
from tests.conftest import NOW, Files, write

SECRET = "secret_method"  # noqa: S105 not a password
"""A name that no visitor may see."""
FAILING = "content/blog/failing.md"
"""A page that can be rendered at the build, where it is no sample, and not after it."""
PAGE = f"""<!doctype html>
<title>{{{{ page.title }}}}</title>
{{% if page.extra.fails %}}{{{{ page.title.{SECRET}() }}}}{{% endif %}}
{{{{ page.content }}}}
"""
LIST = """<h1>{{ page.title }}</h1>
{% for p in paginator.pages %}<a href="{{ p.path }}">{{ p.title }}</a>{% endfor %}
"""
POST = """---
title: Post {0}
date: 2024-01-0{0}
tags: [boats, käse]
---
Boats, *number* {0}. {1}
"""
TEXT = " ".join(f"Word {number}, and an ä." for number in range(200))
SITE: Files = {
    "ssg.toml": """
title = "Conformance"
base_url = "https://example.org/"
theme = ""
[languages.en]
[languages.fr]
[taxonomies.tags]
[[deferred.rules]]
match = "blog/**"
ttl = 120
stale = 30
cache_tags = ["blog"]
[[deferred.rules]]
kind = "term"
""",
    "templates/page.html": PAGE,
    "templates/section.html": LIST,
    "templates/term.html": LIST,
    "templates/taxonomy.html": "{% for t in taxonomy.terms %}{{ t }} {{ t.path }}\n{% endfor %}",
    "templates/404.html": "<h1>Nothing ({{ page.language }})</h1>",
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/about.md": "---\ntitle: About\naliases: [/who/]\n---\nWe.\n",
    "content/blog/_index.md": "---\ntitle: Blog\n---\n",
    **{f"content/blog/{n}.md": POST.format(n, TEXT) for n in range(1, 8)},
    "content/blog/käse und wein.md": POST.format(8, "Gouda"),
    "content/blog/plain.txt.md": "---\ntitle: Dotted\n---\nA dot in the name.\n",
    FAILING: "---\ntitle: Failing\nextra: {fails: true}\n---\n",
    "content/blog/1.fr.md": "---\ntitle: Billet\n---\nBateaux.\n",
    "content/blog/2.fr.md": "---\ntitle: Autre billet\n---\nVoiles.\n",
    "static/_redirects": """
/old/:n /blog/:n/ 301
/search q=:q /blog/:q/ 302
""",
    "static/_headers": """
/*
  X-Site: conformance
/blog/2/
  X-Post: second
""",
    "static/style.css": "body { color: black }\n" * 100,
    "static/small.txt": "small\n",
}


@dataclass(frozen=True, slots=True)
class WholeSite:
    """The site rendered whole: what every host must answer with."""

    output: Path

    def page(self, path: str) -> bytes:
        """The bytes of a page, by its decoded path."""
        return (self.output / output_file(path)).read_bytes()


def build_whole(root: Path, place: Path) -> WholeSite:
    """Write the sources, and render every page; the one that fails is whole here."""
    write(root, SITE)
    text = (root / FAILING).read_text()
    (root / FAILING).write_text(text.replace("true", "false"))
    build_for(root, place, "static")
    (root / FAILING).write_text(text)
    return WholeSite(place / "public")


def build_for(root: Path, place: Path, target: str, **settings: Any) -> Layout:
    """Build the site for a host, below `place`; `settings` are keys of `[target]`."""
    overrides = {("target", name): value for name, value in {"name": target, **settings}.items()}
    project = load(root, overrides=overrides, environment={})
    layout = Layout(root, place / "public", place / "state", place)
    build(project, layout, BuildOptions(NOW), Silent())
    return layout


def deferred_pages(layout: Layout) -> list[Page]:
    """The deferred pages of a build."""
    with contextlib.closing(Site.open(layout.database)) as site:
        return list(site.deferred_pages())


def request_path(page: Page) -> str:
    """The path of a page in a request."""
    return quote_path(page.path)
