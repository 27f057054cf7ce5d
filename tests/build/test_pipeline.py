"""The build as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.compile_site import compile_site
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.config.load import load
from ssg.model.errors import ContentError, SsgError
from ssg.model.queries.site import Site
from tests.conftest import BARE, NOW, Built, build_site, write

FILES = {
    "content/blog/_index.md": "---\npaginate_by: 3\ngenerate_feeds: true\n---\n",
    **{
        f"content/blog/{n}.md": f"---\ndate: 2025-01-0{n}\ntags: [a, b]\n---\nt"
        for n in range(1, 8)
    },
    "static/a.css": "x",
    "data/d.json": "{}",
}


def _tree(folder: Path) -> dict[str, bytes]:
    """All files but those of caches, which learn from every build."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "cache" not in path.parts
    }


@pytest.mark.parametrize("target", ["static", "netlify"])
def test_two_builds_give_the_same_bytes(tmp_path: Path, target: str) -> None:
    trees = []
    for name in ("one", "two"):
        write(tmp_path / name, {**BARE, **FILES})
        build_site(tmp_path / name, target=target)
        tree = _tree(tmp_path / name)
        del tree[".ssg/written.json"]  # it names the folder
        trees.append(tree)
    assert trees[0] == trees[1]
    assert ".ssg/site.db" in trees[0]


def test_a_build_over_a_build_gives_the_same_bytes(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    site(FILES)
    before = _tree(tmp_path)
    site()
    after = _tree(tmp_path)
    for name in (".ssg/site.db", ".ssg/written.json"):  # SQLite counts how often it was written
        del before[name], after[name]
    assert after == before


def test_the_clock_reaches_no_page_that_does_not_ask(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    before = _tree(site(FILES).report.output)
    assert _tree(site(now=NOW + dt.timedelta(hours=5)).report.output) == before


@pytest.mark.parametrize(
    "broken",
    [
        {"content/a.md": "---\n"},
        {"templates/page.html": "{{ nope }}"},
        {"templates/page.html": "{% if %}"},
        {"content/a.md": "[x](nope.md)"},
        {"content/a.md": "---\npath: /blog/\n---\n"},
        {"static/_redirects": "broken\n"},
    ],
)
@pytest.mark.parametrize("target", ["static", "netlify"])
def test_a_build_that_fails_touches_nothing(
    site: Callable[..., Built], tmp_path: Path, broken: dict[str, str], target: str
) -> None:
    site(FILES, target=target)
    write(tmp_path, {"public/mine.txt": "foreign"})
    before = _tree(tmp_path / "public") | _tree(tmp_path / ".ssg")
    sources = _tree(tmp_path)
    write(tmp_path, broken)
    try:
        site(target=target)
    except SsgError:
        assert _tree(tmp_path / "public") | _tree(tmp_path / ".ssg") == before
        changed = {name for name, data in _tree(tmp_path).items() if sources.get(name) != data}
        assert changed == set(broken)
        assert not (tmp_path / ".public.ssg").exists()
    else:
        assert (target, list(broken)) == ("static", ["static/_redirects"])


def test_a_first_build_that_fails_leaves_no_output(
    problems: Callable[..., list[str]], tmp_path: Path
) -> None:
    problems({"content/a.md": "---\n"})
    assert not (tmp_path / "public").exists()
    assert sorted(_tree(tmp_path / ".ssg")) == [".gitignore", "lock"]


def test_problems_of_every_stage_before_rendering_come_together(
    problems: Callable[..., list[str]],
) -> None:
    files = {
        "content/a.md": "---\n",
        "content/b.md": "---\nttl: 0\n---\n",
        "data/x.json": "{",
        "templates/page.html": "{% if %}",
        "templates/part.html": b"\xff",
    }
    assert [line.partition(":")[0] for line in problems(files)] == [
        "content/a.md", "content/b.md", "data/x.json", "templates/page.html", "templates/part.html",
    ]  # fmt: skip


def test_problems_of_every_page_come_together(problems: Callable[..., list[str]]) -> None:
    files = {f"content/{n}.md": "[x](nope.md)" for n in range(5)}
    assert len(problems(files)) == 5


def test_problems_of_deferred_and_critical_pages_come_together(
    problems: Callable[..., list[str]],
) -> None:
    rule = 'theme = ""\n[[deferred.rules]]\nmatch = "d/**"\n'
    files = {"ssg.toml": rule, "content/a.md": "[x](nope.md)", "content/d/b.md": "[x](nope.md)"}
    lines = problems(files, target="netlify")
    assert [line.partition(":")[0] for line in lines] == ["content/a.md", "content/d/b.md"]


def test_a_broken_template_of_many_pages_is_told_once(problems: Callable[..., list[str]]) -> None:
    pages = {f"content/{number:04}.md": "" for number in range(1000)}
    assert problems({"templates/page.html": "\n{{ nope }}", **pages}) == [
        "templates/page.html:2: 'nope' is undefined (while rendering "
        "content/0000.md, content/0001.md, content/0002.md and 997 more pages)"
    ]


def test_a_missing_template_that_many_pages_name_is_told_a_few_times(
    problems: Callable[..., list[str]],
) -> None:
    pages = {f"content/{number:04}.md": "---\ntemplate: x\n---" for number in range(1000)}
    lines = problems({"templates/page.html": "", **pages})
    assert lines[0].startswith('content/0000.md:2:1: template "x" not found')
    assert len(lines) == 10
    assert "not found (and in 990 more places)" in lines[-1]


def test_the_stages_are_told_in_their_order(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, **FILES})
    told: list[tuple[str, int]] = []
    steps: list[int] = []

    class Recorder:
        def begin(self, stage: str, total: int) -> None:
            told.append((stage, total))

        def advance(self, count: int) -> None:
            steps.append(count)

    project = load(tmp_path, environment={})
    report = build(project, Layout.of(project), BuildOptions(NOW), Recorder())
    assert [stage for stage, _ in told] == ["scan", "plan", "copy", "render", "emit", "publish"]
    assert sum(steps) == sum(total for _, total in told)
    assert [name for name, _ in report.stages] == [stage for stage, _ in told]
    assert report.critical == dict(told)["render"]


def test_looking_writes_nothing_but_its_database(tmp_path: Path) -> None:
    write(tmp_path / "site", {**BARE, **FILES})
    before = _tree(tmp_path / "site")
    compile_site(load(tmp_path / "site", environment={}), BuildOptions(NOW), tmp_path / "site.db")
    assert _tree(tmp_path / "site") == before
    assert Site.open(tmp_path / "site.db").page_at("/blog/")


def test_a_page_too_large_for_the_database_is_no_crash(site: Callable[..., Built]) -> None:
    text = "word " * 200_000
    assert len(site({"content/a.md": text}).read("a/index.html")) > 900_000


def test_options_can_make_warnings_problems(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, "content/a.md": "---\ntitel: x\n---\n"})
    with pytest.raises(ContentError, match="titel"):
        build_site(tmp_path, strict=True)
