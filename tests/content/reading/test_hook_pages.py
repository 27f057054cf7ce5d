"""Pages that no file makes: their place among files, what goes wrong, and the cache."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.content.reading.hook_pages import merge_paths
from ssg.content.source.walk import walk
from ssg.model.errors import SsgError
from tests.conftest import BARE, Built, build_site, write

HEAD = (
    "from ssg.content.build_hooks import SourcePage\n\ndef setup(hooks):\n    @hooks.on_sources\n"
)
HOOKS = (
    HEAD
    + """\
    def boats(root):
        text = (root / "boats.txt").read_text()
        front = {"sort_by": "weight"}
        yield SourcePage("boats/_index.md", front, "All of them")
        for number, name in enumerate(text.split()):
            front = {"title": name.title(), "weight": number + 1, "tags": ["boat"]}
            yield SourcePage(f"boats/{name}.md", front, f"See [all](_index.md), **{name}**.")
"""
)
FILES = {"build_hooks.py": HOOKS, "boats.txt": "ana bia", "content/boats/cid.md": "x"}


def _hook(body: str) -> str:
    return (
        HEAD + "    def made(root):\n" + "".join(f"        {line}\n" for line in body.split("\n"))
    )


def test_pages_are_made_beside_those_of_files(site: Callable[..., Built]) -> None:
    built = site(FILES)
    assert {"/boats/", "/boats/ana/", "/boats/bia/", "/boats/cid/", "/tags/boat/"} <= {*built.paths}
    assert built.read("boats/index.html") == "Boats: /boats/ana/ /boats/bia/ /boats/cid/"
    assert '<a href="/boats/">all</a>, <strong>ana</strong>' in built.read("boats/ana/index.html")


def test_a_hook_for_pages_sees_what_another_made(site: Callable[..., Built]) -> None:
    more = "    @hooks.on_page\n    def f(page):\n        page.front['title'] = page.source\n"
    built = site({**FILES, "build_hooks.py": HOOKS + more})
    assert built.page("/boats/ana/").title == "boats/ana.md"


def test_drafts_and_the_clock_count_as_for_files(site: Callable[..., Built]) -> None:
    body = (
        'yield SourcePage("a.md", {"draft": True})\n'
        'yield SourcePage("b.md", {"date": "2030-01-01"})\nyield SourcePage("c.md")'
    )
    built = site({"build_hooks.py": _hook(body), "content/x.md": "x"})
    assert [(one.source, one.reason) for one in built.report.skipped] == [
        ("a.md", "draft"), ("b.md", "to be published on 2030-01-01 00:00 UTC"),
    ]  # fmt: skip
    assert "/c/" in built.paths


def test_sources_of_both_kinds_are_in_the_order_of_a_walk(tmp_path: Path) -> None:
    names = ["a.md", "a/b.md", "a-b.md", "a/b/c.md", "ä.md", "a/_index.md", "B.md", "a b.md"]
    write(tmp_path, dict.fromkeys(names, ""))
    walked = [entry.relative for entry in walk(tmp_path, [], "content")]
    assert merge_paths(names[::2], names[1::2]) == walked


def test_a_table_may_be_used_for_many_pages(site: Callable[..., Built]) -> None:
    body = (
        "front = {'extra': {}}\nfor name in 'ab':\n"
        "    front['title'] = front['extra']['n'] = name\n"
        "    yield SourcePage(f'{name}.md', front)"
    )
    built = site({"build_hooks.py": _hook(body), "content/x.md": "x"})
    assert [built.page(f"/{name}/").title for name in "ab"] == ["a", "b"]
    assert '"n": "a"' in built.page("/a/").front


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("1 / 0", "build_hooks.py:6: ZeroDivisionError: division by zero"),
        (
            "yield SourcePage('a.md')\n1 / 0",
            "build_hooks.py:7: ZeroDivisionError: division by zero",
        ),
        ("pass", "build_hooks.py:4: a hook for sources must yield SourcePage, not NoneType"),
        ("yield 'a.md'", "build_hooks.py:4: a hook for sources must yield SourcePage, not str"),
        ("return 'a'", "build_hooks.py:4: a hook for sources must yield SourcePage, not str"),
        ("yield SourcePage('a')", "build_hooks.py:4: the source 'a' does not end in .md"),
        ("yield SourcePage(root)", "build_hooks.py:4: the source ROOT is not a text"),
        *(
            (
                f"yield SourcePage({source!r})",
                f"build_hooks.py:4: the source {source!r} is not a path below content/, "
                "with / between its parts",
            )
            for source in ("/a.md", "../a.md", "a//b.md", "a/./b.md", "a\\b.md")
        ),
        (
            "yield SourcePage('.a/b.md')",
            "build_hooks.py:4: the source '.a/b.md' has a name that is ignored: "
            "hidden, or a leftover of an editor",
        ),
        (
            "yield SourcePage('a\\n.md')",
            "build_hooks.py:4: the source 'a\\n.md' has a character that a path cannot have",
        ),
        (
            "yield SourcePage('a.md', {}, b'x')",
            "build_hooks.py:4: the text of content/a.md is not a text, but bytes",
        ),
        (
            "yield SourcePage('a.md', [])",
            "build_hooks.py:4: the front matter of content/a.md is not a table of keys and values",
        ),
        (
            "yield SourcePage('a.md', {'extra': {'x': [root]}})",
            'build_hooks.py:4: the front matter of content/a.md cannot keep "extra.x", a PosixPath',
        ),
        (
            "yield SourcePage('a.md', {'extra': {1: 2}})",
            "build_hooks.py:4: the front matter of content/a.md cannot keep the key 1, "
            "which is not a text",
        ),
        (
            "yield SourcePage('a.md', {}, '\\udc80')",
            "build_hooks.py:4: content/a.md holds a character that UTF-8 does not have",
        ),
        (
            "yield SourcePage('here.md')",
            "build_hooks.py:4: content/here.md is a file already, so no hook can make it",
        ),
        (
            "yield SourcePage('a.md')\nyield SourcePage('a.md')",
            "build_hooks.py:4: content/a.md is made twice",
        ),
        (
            "yield SourcePage('a.md', {'weight': 'x'})",
            'content/a.md:1: "weight" must be a whole number, not the text "x" '
            "(made by build_hooks.py:4)",
        ),
        (
            "yield SourcePage('a.md', {'path': '/here/'})",
            "content/a.md and content/here.md both want /here/ "
            "(content/a.md is made by build_hooks.py:4)",
        ),
        (
            "yield SourcePage('a.md', {}, 'one\\n\\n[x](nope.md)')",
            'content/a.md:3: the link "nope.md" names no page: there is no nope.md '
            "(made by build_hooks.py:4)",
        ),
        (
            "yield SourcePage('a.md', {'template': 'nope.html'})",
            'content/a.md: template "nope.html" not found (made by build_hooks.py:4). '
            'Did you mean "page.html"?',
        ),
    ],
)
def test_what_is_wrong_is_told_with_the_hook(
    problems: Callable[..., list[str]], tmp_path: Path, body: str, line: str
) -> None:
    found = problems({"content/here.md": "x", "build_hooks.py": _hook(body)})
    assert [one.replace(repr(tmp_path), "ROOT") for one in found] == [line]


def test_a_warning_names_the_hook_too(site: Callable[..., Built]) -> None:
    body = "yield SourcePage('a.md', {'tittle': 'x'})"
    built = site({"content/x.md": "x", "build_hooks.py": _hook(body)})
    assert [str(one) for one in built.report.warnings] == [
        'content/a.md:1: unknown key "tittle" (made by build_hooks.py:4). Did you mean "title"?'
    ]


@pytest.fixture
def same(tmp_path: Path) -> Callable[..., Built]:
    """Build what changes of a site, and see that it is what a first build makes of it."""
    root = tmp_path / "site"
    write(root, BARE)

    def build(files: dict[str, str]) -> Built:
        write(root, files)
        built = build_site(root)
        clean = tmp_path / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(root, clean, ignore=shutil.ignore_patterns("public", ".ssg"))
        again = build_site(clean)
        assert built.files == again.files
        assert {n: built.read(n) for n in built.files} == {n: again.read(n) for n in again.files}
        assert built.report.build_id == again.report.build_id
        return built

    return build


def test_the_hook_is_asked_at_each_build(same: Callable[..., Built]) -> None:
    first = same(FILES)
    assert same({}).report.build_id == first.report.build_id
    assert same({}).report.read == 0
    assert "/boats/dea/" in same({"boats.txt": "ana dea"}).paths
    assert "/boats/bia/" not in same({}).paths
    assert "<strong>bia</strong>" in same({"boats.txt": "bia"}).read("boats/bia/index.html")


def test_a_page_may_move_between_hook_and_file(same: Callable[..., Built]) -> None:
    same(FILES)
    now = same({"boats.txt": "bia", "content/boats/ana.md": "from a file"})
    assert "from a file" in now.read("boats/ana/index.html")
    (now.root / "content/boats/ana.md").unlink()
    assert "<strong>ana</strong>" in same({"boats.txt": "ana"}).read("boats/ana/index.html")


@pytest.mark.parametrize("thread", [False, True])
def test_many_pages_go_through_workers(site: Callable[..., Built], thread: bool) -> None:
    """With hooks that no process could hand to another; and where processes are not forked."""
    names = " ".join(f"b{number}" for number in range(400))
    done = "    @hooks.on_build_done\n    def done(report): ...\n"
    waiting = threading.Event()
    if thread:
        threading.Thread(target=waiting.wait, daemon=True).start()
    try:
        built = site({**FILES, "boats.txt": names, "build_hooks.py": HOOKS + done})
    finally:
        waiting.set()
    assert sum(path.startswith("/boats/b") for path in built.paths) == 400


def test_without_strict_nothing_stops(site: Callable[..., Built]) -> None:
    body = "yield SourcePage('a.md', {'tittle': 'x'})"
    with pytest.raises(SsgError, match="made by build_hooks"):
        site({"content/x.md": "x", "build_hooks.py": _hook(body)}, strict=True)
