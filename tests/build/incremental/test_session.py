"""A build that is told which files changed is a clean build, and looks at no other."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssg.build.clock import build_time
from ssg.build.incremental import previous_build
from ssg.build.incremental.session import Session
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.config.load import load
from ssg.content.reading import discover
from ssg.content.source import walk
from ssg.content.source.publication import IncludeOptions
from ssg.model.errors import SsgError
from tests.build.incremental.outcome import Outcome, code_of, left, outcome, overrides
from tests.build.incremental.random_site import EDITS, World, begin, sync
from tests.conftest import BARE, NOW, Silent, write
from tests.examples import examples

FILES = {
    **BARE,
    "templates/page.html": "{{ page.title }} {{ page.content }}",
    "content/a.md": "one",
    "content/blog/_index.md": "---\ntitle: Blog\n---\n",
    "content/blog/b.md": "two",
    "content/blog/b.txt": "beside",
}


def build_again(root: Path, session: Session | None, *changed: str) -> BuildReport:
    project, include = load(root, environment={}), IncludeOptions()
    layout = Layout.of(project)
    paths = frozenset(str((root / name).absolute()) for name in changed)
    knowledge = session.knowledge(project, include, layout, paths) if session else None
    options = BuildOptions(NOW, include, package=False, session=knowledge)
    return build(project, layout, options, Silent())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path.resolve()
    write(folder, FILES)
    return folder


def looks(root: Path, session: Session | None, *changed: str) -> tuple[BuildReport, bool]:
    """A build, and whether it looked at all of the content folder."""
    with patch.object(discover, "walk", wraps=walk.walk) as walked:
        report = build_again(root, session, *changed)
    return report, walked.called


def test_a_changed_text_is_read_and_nothing_else_is_looked_at(root: Path) -> None:
    first = build_again(root, None)
    write(root, {"content/a.md": "other"})
    with patch.object(previous_build, "intact_files", wraps=previous_build.intact_files) as intact:
        report, has_walked = looks(root, first.session, "content/a.md")
    assert not has_walked
    assert not intact.called
    assert "other" in (root / "public/a/index.html").read_text()
    write(root, {"content/blog/b.md": "three"})
    assert not looks(root, report.session, "content/blog/b.md")[1]
    assert "three" in (root / "public/blog/b/index.html").read_text()


def test_a_changed_title_is_rendered_and_no_other_page_is_looked_for(root: Path) -> None:
    first = build_again(root, None)
    write(root, {"content/a.md": "---\ntitle: Other\n---\none"})
    with patch.object(
        previous_build, "remaining_work", wraps=previous_build.remaining_work
    ) as rest:
        report = build_again(root, first.session, "content/a.md")
    assert not rest.called
    assert "Other" in (root / "public/a/index.html").read_text()
    assert (report.critical, report.kept) == (first.critical, first.critical - report.rendered)


def test_a_copy_whose_name_says_what_is_in_it_does_not_stay_with_another_name(root: Path) -> None:
    template = '{{ get_url("/a.css", cachebust=true) }}'
    write(root, {"static/a.css": "one", "templates/page.html": template})
    first = build_again(root, None)
    write(root, {"static/a.css": "two"})
    report = build_again(root, first.session, "static/a.css")
    (styles,) = (root / "public").glob("a.*.css")
    assert styles.read_text() == "two"
    write(root, {"content/a.md": "other"})
    build_again(root, report.session, "content/a.md")
    assert [file.name for file in (root / "public").glob("a.*.css")] == [styles.name]


@pytest.mark.parametrize(
    ("files", "changed"),
    [
        ({"content/new.md": "new"}, ["content/new.md"]),
        ({"content/blog/c.txt": "new"}, ["content/blog/c.txt"]),
        ({"content/blog/_index.md": "---\ntitle: Other\n---\n"}, ["content/blog/_index.md"]),
        ({"content/a.md": None}, ["content/a.md"]),
        ({"content/blog/b.txt": None}, ["content/blog/b.txt"]),
        ({"content/blog/b.md": None, "content/blog/b.txt": None, "content/blog/_index.md": None},
         ["content/blog"]),
        ({"content/docs/d.md": "new"}, ["content/docs"]),
    ],
)  # fmt: skip
def test_files_that_come_and_go_and_those_of_sections_have_it_look_at_all(
    root: Path, files: dict[str, str | None], changed: list[str]
) -> None:
    first = build_again(root, None)
    sync(root, files)
    if "content/blog" in changed:
        (root / "content/blog").rmdir()
    assert looks(root, first.session, *changed)[1]
    pages = {"content/new.md": "new", "content/docs/d.md": "docs/d"}
    for name in files.keys() & pages.keys():
        assert (root / f"public/{pages[name]}/index.html").is_file()


def test_a_draft_of_an_editor_that_is_gone_again_changes_nothing(root: Path) -> None:
    first = build_again(root, None)
    write(root, {"content/a.md": "other"})
    assert not looks(root, first.session, "content/4913", "content/a.md", "data/team.json")[1]
    assert "other" in (root / "public/a/index.html").read_text()


def test_a_link_to_a_source_is_nothing_to_rely_on(root: Path) -> None:
    (root / "content/c.md").symlink_to("a.md")
    first = build_again(root, None)
    write(root, {"content/a.md": "other"})
    assert looks(root, first.session, "content/a.md")[1]
    assert "other" in (root / "public/c/index.html").read_text()


@pytest.mark.parametrize("what", ["written.json", "site.db", "public", "ssg.toml", "include"])
def test_what_was_carried_holds_for_the_same_site_and_state_alone(root: Path, what: str) -> None:
    first = build_again(root, None)
    project, include = load(root, environment={}), IncludeOptions()
    assert first.session
    if what == "public":
        shutil.rmtree(root / "public")
    elif what == "ssg.toml":
        write(root, {what: FILES["ssg.toml"] + 'title = "Other"\n'})
        project = load(root, environment={})
    elif what == "include":
        include = IncludeOptions(drafts=True)
    else:
        os.utime(root / ".ssg" / what, (1, 1))
    assert first.session.knowledge(project, include, Layout.of(project), frozenset()) is None


def test_nothing_is_carried_where_a_build_hook_may_read_the_world(root: Path) -> None:
    write(root, {"build_hooks.py": "def setup(hooks):\n    pass\n"})
    assert build_again(root, None).session is None


def test_a_build_hook_that_comes_is_asked(root: Path) -> None:
    first = build_again(root, None)
    write(root, {"build_hooks.py": "def setup(hooks):\n    pass\n"})
    assert looks(root, first.session, "build_hooks.py")[1]


def _built(
    root: Path, world: World, session: Session | None, changed: frozenset[str]
) -> tuple[Outcome, Session | None]:
    try:
        with code_of(world, root.parent):
            project = load(root, overrides=overrides(world), environment={})
            layout, now = Layout.of(project), build_time(project.settings.site.timezone)
            knowledge = (
                session.knowledge(project, world.include, layout, changed) if session else None
            )
            options = BuildOptions(
                now, world.include, strict=world.strict, package=False, session=knowledge
            )
            report = build(project, layout, options, Silent())
            return left(layout, world, is_at_rest=False), report.session
    except SsgError as error:
        return Outcome(frozenset(str(problem) for problem in error.problems)), None


SAME_CODE = [edit for edit in EDITS if edit not in (World.package, World.module)]
"""A process goes on with the code that it has loaded."""


@settings(max_examples=examples(5), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10**9),
    edits=st.lists(
        st.sampled_from([*SAME_CODE, *[World.text, World.front] * 6]), min_size=3, max_size=9
    ),
)
def test_a_build_that_is_told_what_changed_is_a_clean_build(
    seed: int, edits: list[Callable[[World], None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, world, session = Path(folder, "watched").resolve(), begin(seed), None
        for number, edit in enumerate([World.nothing, *edits]):
            before = dict(world.files)
            edit(world)
            sync(root, world.files)
            changed = {name for name, text in world.files.items() if before.get(name) != text}
            paths = frozenset(str(root / name) for name in changed)
            found, session = _built(root, world, session, paths)
            clean = Path(folder, f"clean-{number}")
            sync(clean, world.files)
            wanted, _ = outcome(clean, world, no_cache=True)
            shutil.rmtree(clean)
            assert found.is_as(wanted), edit.__name__
            if found.problems:  # the edit was a slip, and is taken back
                world.files = {**dict.fromkeys(world.files), **before}
