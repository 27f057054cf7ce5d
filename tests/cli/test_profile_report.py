"""`ssg build --profile` and `--flame`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]
FILES = {
    "content/a.md": "---\ntitle: A\n---\nText.\n",
    "content/b.md": "```python\nprint(1)\n```\n",
    "templates/page.html": "{{ page.content }}{% include 'part.html' %}",
    "templates/part.html": "<p>{{ page.title }}</p>",
}


def test_the_tables_name_stages_templates_pages_and_caches(ssg: Ssg, tmp_path: Path) -> None:
    # Coloured code is kept by the process: no test before this one may have rendered the same.
    files = FILES | {"content/b.md": f"```python\nprint('{tmp_path}')\n```\n"}
    lines = ssg("build", "--profile", files=files).out.splitlines()

    def row(first: str) -> list[str]:
        return next(line.split() for line in lines if line.startswith(first))

    assert row("stage ") == ["stage", "seconds"]
    assert float(row("scan ")[1]) > 0
    assert row("templates/page.html")[1] == row("templates/part.html")[1] == "2"
    assert row("(Markdown)")[1] == "2"
    assert row("/a/")[1] == "page.html"
    assert row("sources ")[1:3] == ["0", "2"]
    assert row("coloured code")[2:4] == ["0", "1"]


def test_a_page_that_is_kept_takes_no_time(ssg: Ssg) -> None:
    ssg("build", files=FILES)
    report = json.loads(ssg("build", "--profile", "--json", files=FILES).out)
    profile = report["profile"]
    assert profile["templates"] == {}
    assert profile["pages"] == []
    assert profile["caches"]["pages"]["misses"] == 0
    assert profile["caches"]["sources"]["share"] == 1.0
    assert set(profile["stages"]) == set(report["stages"])


def test_a_build_without_profile_prints_no_tables(ssg: Ssg) -> None:
    assert json.loads(ssg("build", "--json", files=FILES).out)["profile"] is None
    assert "cache " not in ssg("build", "--no-cache", files=FILES).out


def test_profiled_pages_are_the_pages(ssg: Ssg, tmp_path: Path) -> None:
    def published() -> dict[str, bytes]:
        files = (tmp_path / "public").rglob("*.html")
        return {str(file): file.read_bytes() for file in files}

    ssg("build", files=FILES)
    plain = published()
    ssg("build", "--no-cache", "--profile", files=FILES)
    assert published() == plain


@pytest.mark.parametrize(("name", "has"), [("a.html", "<html"), ("a.json", "speedscope")])
def test_a_flame_graph(ssg: Ssg, tmp_path: Path, name: str, has: str) -> None:
    file = tmp_path / name
    assert ssg("build", "--flame", str(file), files=FILES).status == 0
    text = file.read_text()
    assert has in text
    assert "pipeline.py" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "a.svg",
            "a flame graph cannot be written to a.svg. Use a name that ends in .html or .json",
        ),
        ("nowhere/a.html", "the folder nowhere for the flame graph does not exist"),
    ],
)
def test_a_flame_graph_that_cannot_be_written_stops_the_build(
    ssg: Ssg, tmp_path: Path, name: str, said: str
) -> None:
    ran = ssg("build", "--flame", name, files=FILES)
    assert ran.status == 1
    assert said in ran.err
    assert not (tmp_path / "public").exists()
