"""The table of a build: published for hosts with cache tags, and compared with the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.fingerprint.tag_table.changes import EarlierTable, SiteChanges, changes_between, read_table
from ssg.fingerprint.tag_table.published import checked_table, table_of_pointer
from ssg.fingerprint.tag_table.table_file import TableError, TagTable
from ssg.render.dependencies.tags import Dependency, page_tag
from tests.conftest import NOW, Built

CONFIG = """theme = ""
base_url = "https://example.org/"
[target]
name = "netlify"
kind = "{kind}"
[[deferred.rules]]
match = "blog/**"
[[deferred.rules]]
kind = "section"
match = "blog/**"
"""
FILES = {
    "ssg.toml": CONFIG.format(kind="function"),
    "templates/page.html": "{{ page.content }}{{ page.previous.title if page.previous }}",
    "content/blog/_index.md": "",
    **{
        f"content/blog/{n}.md": f"---\ntitle: T{n}\ndate: 2025-01-0{n}\n---\n{n}"
        for n in range(1, 7)
    },
}


@pytest.fixture
def made(site: Callable[..., Built]) -> Callable[..., Built]:
    return lambda files=None: site({**FILES, **(files or {})}, target="netlify")


def _names(built: Built) -> list[str]:
    return [name for name in built.files if name.startswith("_ssg/tags")]


def _written(built: Built) -> Any:
    return json.loads((built.root / ".ssg/changes.json").read_text())


def test_a_table_is_published_with_a_pointer(made: Callable[..., Built]) -> None:
    built = made()
    name = table_of_pointer((built.report.output / "_ssg/tags.json").read_bytes())
    found = checked_table((built.report.output / "_ssg/tags" / name).read_bytes(), name)
    assert found.build_id == built.report.build_id
    assert found == read_table(built.root / ".ssg/tags.bin").table
    assert found.value(Dependency("page", "/blog/1/"))
    assert _names(built) == ["_ssg/tags.json", f"_ssg/tags/{name}"]
    lasting = "/_ssg/tags/*\n  Cache-Control: public, max-age=31536000, immutable"
    assert lasting in built.read("_headers")


def test_a_host_without_tags_has_no_table(site: Callable[..., Built]) -> None:
    built = site({**FILES, "ssg.toml": CONFIG.format(kind="builder")}, target="netlify")
    assert (_names(built), built.report.changes) == ([], None)
    assert "_headers" not in built.files
    assert not (built.root / ".ssg/tags.bin").exists()


def test_a_site_without_deferred_pages_has_no_table(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": "", "ssg.toml": CONFIG.format(kind="function")}, target="netlify")
    assert _names(built) == []


def test_a_build_for_another_host_removes_what_is_no_longer_true(
    made: Callable[..., Built],
) -> None:
    assert _names(made())
    built = made({"ssg.toml": CONFIG.format(kind="builder")})
    assert _names(built) == []
    assert not (built.root / ".ssg/tags.bin").exists()
    assert not (built.root / ".ssg/changes.json").exists()


def test_the_first_build_may_change_everything(made: Callable[..., Built]) -> None:
    built = made()
    assert built.report.changes == SiteChanges(None, built.report.build_id, ("site",), (), True)
    assert _written(built) == {
        "since": None, "build": built.report.build_id, "tags": ["site"], "pages": [],
        "everything": True,
    }  # fmt: skip


def test_a_changed_text_changes_its_page(made: Callable[..., Built]) -> None:
    first = made()
    built = made({"content/blog/3.md": "---\ntitle: T3\ndate: 2025-01-03\n---\nother"})
    changes = built.report.changes
    assert changes
    assert (changes.since, changes.build) == (first.report.build_id, built.report.build_id)
    assert (changes.pages, changes.everything) == (("/blog/3/",), False)
    assert page_tag("/blog/3/") in changes.tags
    assert Dependency("row", "/blog/3/").tag not in changes.tags
    assert _written(built)["pages"] == ["/blog/3/"]


def test_a_page_that_is_gone_has_tags_only(made: Callable[..., Built]) -> None:
    built = made({"content/blog/7.md": "---\ndate: 2025-01-07\n---\n7"})
    (built.root / "content/blog/7.md").unlink()
    changes = made().report.changes
    assert changes is not None
    assert {page_tag("/blog/7/"), Dependency("row", "/blog/7/").tag} <= set(changes.tags)
    assert changes.pages == ("/blog/6/",)  # its neighbour


def test_other_settings_change_everything(made: Callable[..., Built]) -> None:
    made()
    changes = made({"ssg.toml": 'title = "Other"\n' + FILES["ssg.toml"]}).report.changes
    assert changes is not None
    assert (changes.everything, changes.tags, changes.pages) == (True, ("site",), ())


def test_other_headers_of_pages_change_everything(made: Callable[..., Built]) -> None:
    made()
    changes = made({"static/_headers": "/*\n  X-Frame-Options: DENY\n"}).report.changes
    assert changes is not None
    assert changes.everything


def test_a_damaged_table_is_unknown(made: Callable[..., Built]) -> None:
    built = made()
    (built.root / ".ssg/tags.bin").write_bytes(b"ssg-tags")
    changes = made({"content/blog/3.md": "x"}).report.changes
    assert changes is not None
    assert (changes.since, changes.everything) == (None, True)


def test_a_build_can_be_compared_with_another_than_the_one_before(
    made: Callable[..., Built],
) -> None:
    first = read_table((built := made()).root / ".ssg/tags.bin")
    made({"content/blog/3.md": "---\ntitle: T3\ndate: 2025-01-03\n---\nother"})
    project = load(built.root, overrides={("target", "name"): "netlify"}, environment={})
    options = BuildOptions(NOW, package=False, since=first)
    report = build(project, Layout.of(project), options, Silent())
    assert report.changes is not None
    assert report.changes.pages == ("/blog/3/",)
    unknown = replace(options, since=EarlierTable("x"))
    report = build(project, Layout.of(project), unknown, Silent())
    assert report.changes is not None
    assert report.changes.everything


def test_a_preview_computes_no_table(made: Callable[..., Built]) -> None:
    built = made()
    project = load(built.root, overrides={("target", "name"): "netlify"}, environment={})
    layout = Layout.for_preview(built.root)
    report = build(project, layout, BuildOptions(NOW, package=False), Silent())
    assert report.changes is None
    assert not layout.tag_table.exists()


def test_changes_are_read_as_they_were_written(tmp_path: Path) -> None:
    before = TagTable.of({"page": {}}, "a")
    changes = changes_between(before, TagTable.of({"page": {}}, "b"), [])
    assert changes == SiteChanges("a", "b")
    assert SiteChanges.from_json(json.loads(json.dumps(changes.to_json()))) == changes


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"{}", b'{"version": 2, "table": "x"}', b'{"version": 1, "table": "../x.bin"}',
        b'{"version": 1, "table": 3}',
    ],
)  # fmt: skip
def test_other_texts_are_no_pointers(text: bytes) -> None:
    with pytest.raises(TableError):
        table_of_pointer(text)


def test_a_table_is_what_its_name_says() -> None:
    data = TagTable({}).to_bytes()
    with pytest.raises(TableError, match="is not what its name says"):
        checked_table(data, "0" * 32 + ".bin")
