"""Cache tags in figures: `python -m benchmarks.tags`.

Prints what tags cost a warm page, how many pages an edit of one post purges and how many of these
it changes, and the time and size of the table of a large site.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.corpus import write_site
from ssg.build.clock import build_time
from ssg.build.compile_site import compile_site
from ssg.build.options import BuildOptions
from ssg.build.tag_table.tag_values import tag_table
from ssg.config.load import load
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.tag_table.changes import changes_between
from ssg.fingerprint.tag_table.table_file import TagTable
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.renderer import Renderer
from ssg.runtime.tagged_renderer import TaggedRenderer

_Value = TypeVar("_Value")
WARM_PAGES, ROUNDS = 300, 9
BARE = {
    "base.html": "<title>{{ page.title }}</title>{% block body %}{% endblock %}",
    "page.html": '{% extends "base.html" %}{% block body %}{{ page.content }}{% endblock %}',
}


def compiled(root: Path, name: str) -> Path:
    """The site database of a site as it is now."""
    database = root / ".ssg" / name / "site.db"
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    project = load(root, environment={})
    compile_site(project, BuildOptions(build_time(project.settings.site.timezone)), database)
    return database


# -- the cost of tags ----------------------------------------------------------------------------


def overhead(database: Path) -> tuple[float, float]:
    """Milliseconds for a warm page, without and with tags. The two take turns."""
    plain, tagged = Renderer(Site.open(database)), TaggedRenderer(Site.open(database))
    posts = [page for page in plain.site.deferred_pages() if page.kind == "page"]
    pages = random.Random(1).sample(posts, min(WARM_PAGES, len(posts)))
    ways: tuple[Callable[[Page], object], ...] = (plain.render, tagged.render_tagged)
    best = [[float("inf")] * len(pages) for _ in ways]
    gc.disable()
    for number in range(ROUNDS * len(pages)):
        place = number % len(pages)
        for way, times in zip(ways, best, strict=True):
            started = time.thread_time()
            way(pages[place])
            times[place] = min(times[place], time.thread_time() - started)
    gc.enable()
    without, with_tags = (statistics.mean(times) * 1000 for times in best)
    return without, with_tags


# -- what an edit purges -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answers:
    """A site: its table, and the bytes and tags of its deferred pages."""

    table: TagTable
    bodies: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)


def answers(database: Path) -> Answers:
    """Render all deferred pages."""
    renderer = TaggedRenderer(Site.open(database))
    bodies, tags = dict[str, int](), dict[str, frozenset[str]]()
    for page in renderer.site.deferred_pages():
        body, own = renderer.render_tagged(page)
        bodies[page.path], tags[page.path] = hash(body), frozenset(own)
    return Answers(tag_table(database, code_fingerprint()), bodies, tags)


def edits(root: Path, posts: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Edits of one post of many, each undone before the next."""
    post = root / "content" / "posts" / f"post-{posts // 2:06d}.md"
    new = root / "content" / "posts" / "new.md"
    text = post.read_text("utf-8")
    date = re.search(r"^date: (\S+)$", text, re.M)
    assert date
    template = Path(__file__).parents[1] / "themes" / "default" / "templates" / "page.html"
    own = root / "templates" / "page.html"
    own.parent.mkdir(exist_ok=True)
    yield "a new text", lambda: _write(post, text + "\nMore.\n")
    yield "a new title", lambda: _write(post, re.sub(r'title: "', 'title: "Other ', text, count=1))
    yield (
        "a new description",
        lambda: _write(post, text.replace("description: ", "description: N", 1)),
    )
    yield (
        "another tag",
        lambda: _write(post, re.sub(r"tags: \[", "tags: [red-river, ", text, count=1)),
    )
    _write(post, text)
    older = text.replace(date[1], "2015-03-01T00:00:00+00:00")
    yield (
        "an older post",
        lambda: _write(new, older.replace("title: ", "slug: new-one\ntitle: ", 1)),
    )
    new.unlink()
    other = template.read_text("utf-8").replace("{% endblock", "<!-- x -->{% endblock")
    yield "a template", lambda: _write(own, other)
    own.unlink()


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


def print_edits(root: Path, posts: int) -> None:
    before = answers(compiled(root, "before"))
    print(f"{len(before.bodies):,} deferred pages")
    for name, edit in edits(root, posts):
        edit()
        now = answers(compiled(root, "now"))
        differing = frozenset(now.table.differing(before.table))
        purged = {path for path, tags in before.tags.items() if tags & differing}
        changed = {path for path, body in before.bodies.items() if now.bodies.get(path) != body}
        missed = len(changed - purged)
        share = len(changed & purged) / max(1, len(purged))
        print(
            f"{name:18} {len(differing):6,} tags differ, {len(purged):6,} pages purged, "
            f"{len(changed):6,} changed ({share:.0%}), {missed} missed"
        )
        if name in {"a new text", "a new title"}:
            print("  ", *sorted(purged)[:12])


# -- the table -----------------------------------------------------------------------------------


def print_table(root: Path) -> None:
    database = compiled(root, "table")
    seconds, table = _timed(lambda: tag_table(database, code_fingerprint()))
    written, data = _timed(table.to_bytes)
    with_paths, paths = _timed(Site.open(database).deferred_paths)
    read, other = _timed(lambda: TagTable.from_bytes(data))
    compared, _ = _timed(lambda: changes_between(other, table, paths))
    print(f"{len(table):,} tags of {len(paths):,} deferred pages, {len(data) / 1e6:.2f} MB")
    print(f"computed in {seconds:.2f} s, written in {written:.2f} s")
    whole = 2 * read + with_paths + compared
    print(f"ssg changes in {whole:.2f} s: both are read, deferred pages listed, and compared")


def _timed(work: Callable[[], _Value]) -> tuple[float, _Value]:
    gc.collect()
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000, help="of the site that is edited")
    parser.add_argument("--table-posts", type=int, default=100_000, help="0: no table")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ssg-bench-") as folder:
        root = Path(folder, "edits")
        write_site(root, wanted.posts)
        for name, files in (("the default theme", {}), ("bare templates", BARE)):
            for file, text in files.items():
                (root / "templates").mkdir(exist_ok=True)
                _write(root / "templates" / file, text)
            without, with_tags = overhead(compiled(root, "overhead"))
            more = with_tags / without - 1
            print(f"{name}: {without:.3f} ms, with tags {with_tags:.3f} ms, +{more:.1%}")
        for file in BARE:
            (root / "templates" / file).unlink()
        print_edits(root, wanted.posts)
        if wanted.table_posts:
            large = Path(folder, "table")
            write_site(large, wanted.table_posts)
            print_table(large)


if __name__ == "__main__":
    main()
