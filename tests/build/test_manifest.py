"""`.ssg/manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Callable

import ssg
from tests.conftest import Built

FILES = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org"\n[[deferred.rules]]\nmatch = '
    '"blog/**"\nttl = 60\n',
    "content/blog/ö.md": "",
    "content/blog/a.md": "---\nttl: 90\n---\n",
}


def test_a_manifest_names_every_deferred_page(site: Callable[..., Built]) -> None:
    built = site(FILES, target="netlify")
    manifest = json.loads(built.report.manifest.read_text())
    assert manifest == {
        "version": 1,
        "generator": f"ssg {ssg.__version__}",
        "build_id": built.report.build_id,
        "build_time": "2026-01-31T12:00:00+00:00",
        "base_url": "https://example.org/",
        "target": "netlify",
        "builder": "/.netlify/builders/ssg-pages",
        "pages": [
            {
                "path": "/blog/a/", "source": "blog/a.md", "template": "page.html", "ttl": 90,
                "reason": 'rule 1 (match "blog/**")',
            },
            {
                "path": "/blog/ö/", "source": "blog/ö.md", "template": "page.html", "ttl": 60,
                "reason": 'rule 1 (match "blog/**")',
            },
        ],
    }  # fmt: skip


def test_a_page_has_a_line_of_its_own(site: Callable[..., Built]) -> None:
    lines = site(FILES, target="netlify").report.manifest.read_text().splitlines()
    assert sum('"path"' in line for line in lines) == 2


def test_a_site_without_deferred_pages_has_a_manifest(site: Callable[..., Built]) -> None:
    manifest = json.loads(site(FILES).report.manifest.read_text())
    assert (manifest["pages"], manifest["builder"], manifest["target"]) == ([], None, "static")
