"""What a build does again, and what it leaves as it is."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ssg.build.incremental import previous_build
from ssg.build.inspect.dry_run import dry_run
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.publish.publish_folder import file_names
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.fingerprint import file_facts, files
from ssg.fingerprint.file_facts import FactsOfBatch, read_facts
from tests.conftest import BARE, NOW, Built, build_site, write

PAGE = (
    "{{ page.title }}|{{ page.content }}|{{ page.previous.title if page.previous }}"
    "|{{ page.next.title if page.next }}"
)
FILES = {
    **BARE,
    "templates/page.html": PAGE,
    "templates/plain.html": "{{ page.title }}{% include 'part.html' %}",
    "templates/part.html": "part",
    "templates/shortcodes/note.html": "note",
    "data/team.json": '"red"',
    "content/_index.md": "---\ntitle: Home\n---\n",
    **{
        f"content/blog/{n}.md": (
            f"---\ntitle: Post {n}\ndate: 2025-01-0{n}\ntags: t\n---\ntext {n}\n"
        )
        for n in range(1, 8)
    },
    "content/plain.md": "---\ntitle: Plain\ntemplate: plain.html\n---\n",
    "content/noted.md": "---\ntitle: Noted\n---\n{{ note() }}\n",
    "static/a.css": "a",
}  # fmt: skip
POST = FILES["content/blog/4.md"]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    write(tmp_path, FILES)
    return build_site(tmp_path)


def _again(root: Path, files: dict[str, str], **options: object) -> tuple[int, set[str]]:
    """How many pages were rendered, and which files of the publish folder are others."""
    write(root, files)
    report = build_site(root, **options).report  # type: ignore[arg-type]
    return report.rendered, set(report.changed)


def test_the_first_build_renders_everything(built: Built) -> None:
    assert (built.report.rendered, built.report.kept) == (built.report.critical, 0)
    assert built.report.changed == frozenset(built.files)


def test_a_build_without_a_change_renders_nothing(built: Built) -> None:
    assert _again(built.root, {}) == (0, set())


@pytest.mark.parametrize(
    "files",
    [
        {"content/blog/4.md": POST.replace("title: Post 4", "title:   Post 4")},
        {"content/blog/4.md": POST.replace("title", "# a word\ntitle")},
        {"content/blog/4.md": POST.replace("title", "ttl: 1h\nstale: 1m\ncache_tags: t\ntitle")},
        {"data/team.json": '"blue"'},
        {"i18n/en.toml": 'hello = "Hello"'},
        {"templates/unused.html": "unused"},
        {"build_hooks.py": "def setup(hooks): ..."},
    ],
)
def test_an_edit_that_changes_no_answer_renders_nothing(
    built: Built, files: dict[str, str]
) -> None:
    assert _again(built.root, files) == (0, set())


def test_another_text_renders_its_page_alone(built: Built) -> None:
    files = {"content/blog/4.md": POST.replace("text 4", "other words")}
    assert _again(built.root, files) == (1, {"blog/4/index.html"})
    assert "other words" in built.read("blog/4/index.html")


def test_another_title_renders_those_who_show_it(built: Built) -> None:
    rendered, changed = _again(built.root, {"content/blog/4.md": POST.replace("Post 4", "Four")})
    assert changed == {
        "blog/3/index.html", "blog/4/index.html", "blog/5/index.html", "feed.xml",
    }  # fmt: skip
    shown_by_path = {"blog/index.html", "tags/t/index.html"}  # a row is told as a whole
    assert rendered == len(changed | shown_by_path)


def test_a_template_renders_those_who_use_it(built: Built) -> None:
    assert _again(built.root, {"templates/part.html": "new"}) == (1, {"plain/index.html"})
    note = {"templates/shortcodes/note.html": "new"}
    assert _again(built.root, note) == (1, {"noted/index.html"})


def test_what_nobody_used_is_used_from_now_on(built: Built) -> None:
    template = {"templates/plain.html": "{{ data.team }}"}
    assert _again(built.root, template) == (1, {"plain/index.html"})
    assert _again(built.root, {"data/team.json": '"blue"'}) == (1, {"plain/index.html"})
    assert built.read("plain/index.html") == "blue"


def test_a_new_page_renders_its_neighbours_and_lists(built: Built) -> None:
    post = "---\ntitle: New\ndate: 2025-01-04T12:00:00\n---\n"
    _, changed = _again(built.root, {"content/blog/new.md": post})
    assert changed == {
        "blog/4/index.html", "blog/5/index.html", "blog/new/index.html", "blog/index.html",
        "feed.xml", "sitemap.xml",
    }  # fmt: skip


def test_another_date_changes_related_pages_of_two_terms(site: Callable[..., Built]) -> None:
    """Neither term has another order: the pages of both together have."""

    def post(name: str, date: str, tags: str) -> dict[str, str]:
        return {f"content/{name}.md": f"---\ntitle: {name}\ndate: {date}\ntags: [{tags}]\n---\n"}

    related = "{% for p in page.related(1) %}{{ p.title }}{% endfor %}"
    files = {"templates/page.html": related, **post("x", "2024-01-01", "s, t")}
    files |= post("a", "2025-01-01", "s") | post("b", "2025-01-02", "t")
    built = site({**files, "ssg.toml": BARE["ssg.toml"] + "[taxonomies.tags]\n"})
    assert built.read("x/index.html") == "b"
    assert site(post("a", "2025-01-03", "s")).read("x/index.html") == "a"


def test_a_page_that_is_gone_is_forgotten(built: Built) -> None:
    (built.root / "content/blog/4.md").unlink()
    _, changed = _again(built.root, {})
    assert {"blog/4/index.html", "blog/3/index.html", "blog/5/index.html"} <= changed
    assert "blog/1/index.html" not in changed
    assert not (built.report.output / "blog/4").exists()


def test_only_other_files_are_copied(built: Built) -> None:
    assert _again(built.root, {"static/b.css": "b"}) == (0, {"b.css"})
    assert _again(built.root, {"static/a.css": "b"}) == (0, {"a.css"})


def test_the_clock_concerns_those_who_read_it(built: Built) -> None:
    clock = {"templates/part.html": "{{ now | date('%H') }}"}
    assert _again(built.root, clock) == (1, {"plain/index.html"})
    assert _again(built.root, {}, now=NOW + dt.timedelta(hours=1)) == (1, {"plain/index.html"})
    assert _again(built.root, {}, now=NOW + dt.timedelta(days=1, hours=1)) == (1, set())


@pytest.mark.parametrize(
    "files",
    [{"ssg.toml": BARE["ssg.toml"] + 'title = "Other"\n'}, {"hooks.py": "def setup(h): ..."}],
)
def test_what_every_page_may_hang_on_renders_all(built: Built, files: dict[str, str]) -> None:
    assert _again(built.root, files)[0] == built.report.critical


def test_nothing_of_earlier_builds_need_be_used(built: Built) -> None:
    assert _again(built.root, {}, no_cache=True) == (built.report.critical, set())


def test_other_code_is_another_generator(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previous_build, "code_fingerprint", lambda: "other")
    assert _again(built.root, {})[0] == built.report.critical
    assert _again(built.root, {})[0] == 0


@pytest.mark.parametrize("data", [b"", b"no database", None])
@pytest.mark.parametrize("name", ["cache/dependencies.db", "site.db"])
def test_a_memory_that_cannot_be_read_is_none(built: Built, name: str, data: bytes | None) -> None:
    file = built.root / ".ssg" / name
    if data is None:
        whole = file.read_bytes()
        file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    else:
        file.write_bytes(data)
    assert _again(built.root, {})[0] == built.report.critical


def test_what_was_changed_by_hand_is_made_again(built: Built) -> None:
    write(built.report.output, {"blog/4/index.html": "by hand", "a.css": "by hand"})
    (built.report.output / "blog/5/index.html").unlink()
    changed = {"blog/4/index.html", "blog/5/index.html", "a.css"}
    assert _again(built.root, {}) == (2, changed)


def test_a_folder_that_was_restored_is_as_good(built: Built) -> None:
    for name in file_names(built.report.output):
        os.utime(built.report.output / name, (1, 1))
    assert _again(built.root, {}) == (0, set())
    assert _again(built.root, {}) == (0, set())


def test_a_site_that_was_moved_is_the_same(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("elsewhere"))
    assert _again(tmp_path / "elsewhere", {}) == (0, set())


def test_two_publish_folders_do_not_share_their_memory(built: Built) -> None:
    _again(built.root, {}, output_dir="dist")
    changed = {"content/blog/4.md": POST.replace("text 4", "other words")}
    _again(built.root, changed, output_dir="dist")
    assert _again(built.root, {})[1] == {"blog/4/index.html"}


RULE = BARE["ssg.toml"] + '[[deferred.rules]]\nmatch = "blog/**"\nkeep_newest = 2\n'


def test_a_deferred_page_is_rehearsed_again_when_its_text_is_another(
    tmp_path: Path, problems: Callable[..., list[str]]
) -> None:
    write(tmp_path, {**FILES, "ssg.toml": RULE})
    assert build_site(tmp_path, target="netlify").report.deferred == 5
    assert _again(tmp_path, {}, target="netlify") == (0, set())
    broken = {"content/blog/2.md": "---\ntitle: Post 2\ndate: 2025-01-02\n---\n{{ nope() }}\n"}
    (line,) = problems(broken, target="netlify")
    assert line.startswith("content/blog/2.md:5")


def test_a_link_to_what_is_gone_is_found_wherever_it_stands(
    tmp_path: Path, problems: Callable[..., list[str]]
) -> None:
    link = {"content/blog/2.md": "---\ntitle: Post 2\ndate: 2025-01-02\n---\n[x](@/plain.md)\n"}
    write(tmp_path, {**FILES, **link, "ssg.toml": RULE})
    build_site(tmp_path, target="netlify")
    (tmp_path / "content/plain.md").unlink()
    (line,) = problems(target="netlify")
    assert line.startswith("content/blog/2.md:5")


def test_a_part_that_is_gone_is_missed_by_deferred_pages(
    tmp_path: Path, problems: Callable[..., list[str]]
) -> None:
    linked = {
        "content/blog/2.md": "---\ntitle: Post 2\ndate: 2025-01-02\n---\n[x](@/other.md#part)\n",
        "content/other.md": "## Part\n",
    }
    write(tmp_path, {**FILES, **linked, "ssg.toml": RULE})
    build_site(tmp_path, target="netlify")
    (line,) = problems({"content/other.md": "## Other\n"}, target="netlify")
    assert line.startswith("content/blog/2.md:5")


def test_a_page_that_becomes_critical_is_rendered(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "ssg.toml": RULE})
    build_site(tmp_path, target="netlify")
    more = {"ssg.toml": RULE.replace("keep_newest = 2", "keep_newest = 3")}
    rendered, changed = _again(tmp_path, more, target="netlify")
    assert "blog/5/index.html" in changed
    assert rendered == 1


def test_a_copied_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not again by later builds, by a preview, or by commands that build nothing."""
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
    write(tmp_path, {**FILES, "content/blog/photo.jpg": "1"})
    read = list[str]()

    def facts_of(inspect: Any, places: Sequence[tuple[str, str]]) -> FactsOfBatch:
        read.extend(Path(place).name for place, _ in places)
        return read_facts(inspect, places)

    monkeypatch.setattr(file_facts, "read_facts", facts_of)
    built = build_site(tmp_path)
    assert sorted(read) == ["a.css", "photo.jpg"]
    write(tmp_path, {"content/blog/1.md": POST})
    build_site(tmp_path)
    project, options = load(tmp_path, environment={}), BuildOptions(NOW)
    build(project, Layout.for_preview(tmp_path), options, Silent())
    with dry_run(project, options):
        pass
    assert len(read) == 2
    write(tmp_path, {"content/blog/photo.jpg": "2"})
    build_site(tmp_path)
    assert read[2:] == ["photo.jpg"]
    assert built.read("blog/photo.jpg") == "2"
    build_site(tmp_path, no_cache=True)
    assert sorted(read[3:]) == ["a.css", "photo.jpg"]
