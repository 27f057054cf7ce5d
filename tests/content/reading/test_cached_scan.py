"""A scan that knows what the last one read finds what a scan that knows nothing finds."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.build.images.picture_reader import picture_reader
from ssg.config.load import load
from ssg.content.reading import chunks
from ssg.content.scan import EarlierScan, Scan, scan
from ssg.content.source.publication import IncludeOptions
from ssg.fingerprint import files
from ssg.model import database
from ssg.model.queries.site import Site
from tests.conftest import BARE, NOW, write
from tests.examples import examples

NAMES = (
    "_index.md", "a.md", "b.md", "blog/_index.md", "blog/one.md", "blog/two.md", "blog/deep/x.md",
    "docs/index.md", "tags/_index.md",
)  # fmt: skip
HEADERS = (
    "", "title: One\n", "title: Two\ntags: [x, y]\n", "date: 2026-01-31T12:00:00Z\ntags: y\n",
    "expiry_date: 2026-02-01\n", "draft: true\n", "weight: 3\naliases: /old/\n", "menus: main\n",
    "ttl: 60\n", "titel: slip\n", "cascade: {tags: [handed], ttl: 90}\n", "redirect_to: /a/\n",
    "cascade: {match: blog/**, description: down}\nsort_by: weight\n", "title: [broken]\n",
    "slug: same\n",
)  # fmt: skip
TEXTS = ("", "# Heading\n\ntext", "text", "other", "word " * 20_000, "{{ note() }}", "a @/b.md")
OTHERS = {
    "templates/page.html": ("{{ page.title }}", "{{ page.content }} {{ now }}"),
    "templates/index.html": ("home",),
    "data/team.toml": ("a = 1\n", "a = 2\n"),
    "static/style.css": ("a {}", "b {}"),
    "content/blog/photo.jpg": ("1", "2"),
    "static/dot.svg": ("<svg xmlns='http://www.w3.org/2000/svg'/>", "broken"),
    "static/sitemap.xml": ("own",),
    "ssg.toml": (
        'theme = ""\n', 'theme = ""\ntimezone = "Asia/Tokyo"\n', 'theme = ""\n[taxonomies.tags]\n',
        'theme = ""\n[images]\n', 'theme = ""\n[images]\nmax_pixels = 9\n',
        'theme = ""\n[permalinks]\nblog = "/:year/:slug/"\n',
    ),
}  # fmt: skip

START = {
    "content/a.md": "a",
    "content/b.md": "---\nexpiry_date: 2026-02-01\n---\nb",
    "content/blog/_index.md": "---\ncascade: {description: from above}\n---\n",
    "content/blog/one.md": "---\ndate: 2026-01-31T12:00:00Z\n---\none",
    "content/blog/two.md": "two",
}

pages = st.builds(
    lambda header, text: f"---\n{header}---\n{text}",
    st.sampled_from(HEADERS),
    st.sampled_from(TEXTS),
)
edits = st.one_of(
    st.tuples(st.sampled_from([f"content/{name}" for name in NAMES]), st.none() | pages),
    st.sampled_from(sorted(OTHERS)).flatmap(
        lambda name: st.tuples(st.just(name), st.none() | st.sampled_from(OTHERS[name]))
    ),
    st.tuples(st.just("clock"), st.sampled_from(["-1", "0", "1", "24"])),
    st.tuples(st.just("damage"), st.integers(0, 400).map(str)),
    st.tuples(st.just("lose"), st.just("a block")),
)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def _scanned(site: Path, now: dt.datetime, state: Path, **known: Any) -> Scan:
    state.mkdir(exist_ok=True)
    (state / "new.db").unlink(missing_ok=True)
    return scan(
        load(site, environment={}),
        now,
        IncludeOptions(),
        state / "new.db",
        read_picture=picture_reader(None),
        **known,
    )


def _everything(found: Scan, state: Path) -> dict[str, Any]:
    """All tables, the texts of all pages, and all that a scan says beside them."""
    connection = found.connection
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    rows = {
        name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
        for (name,) in tables
        if not name.startswith("sqlite_")
    }
    database.finish(connection)
    (state / "new.db").replace(state / "site.db")
    site = Site.open(state / "site.db")
    texts = {page.path: site.body(page.id) for page in site.all_pages()}
    site.close()
    said = (
        found.build_id, found.content_id, found.copies, found.digests, found.aliases,
        found.defer_overrides, found.skipped, sorted(found.warnings, key=str),
    )  # fmt: skip
    return {"rows": rows, "texts": texts, "said": said}


def _damage(cache: Path, place: int) -> None:
    for file in cache.glob("*"):
        data = bytearray(file.read_bytes())
        data[place * len(data) // 401] ^= 0xFF
        file.write_bytes(data)


@pytest.mark.parametrize("doubtful", [0, files.COARSE_TICK_NANOSECONDS])
def test_edits_come_to_the_same_with_and_without_a_cache(
    monkeypatch: pytest.MonkeyPatch, doubtful: int
) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", doubtful)
    monkeypatch.setattr(chunks, "SOURCES_PER_CHUNK", 2)

    @settings(max_examples=examples(25), deadline=None)
    @given(st.lists(st.lists(edits, max_size=4), min_size=1, max_size=6))
    def check(rounds: list[list[tuple[str, str | None]]]) -> None:
        with _folder() as folder:
            site, cached = folder / "site", folder / "cached"
            write(site, {**BARE, **START})
            now = NOW
            for number, changes in enumerate(rounds):
                for name, value in changes:
                    if name == "clock":
                        now = NOW + dt.timedelta(hours=int(value or 0))
                    elif name == "damage":
                        _damage(folder / "cache", int(value or 0))
                    elif name == "lose":
                        _lose_a_block(cached / "texts")
                    else:
                        _edit(site, name, value)
                earlier = EarlierScan(folder / "cache", cached / "site.db")
                facts = folder / "cache" / "files.bin"
                found = _scanned(site, now, cached, earlier=earlier, file_facts=facts)
                clean = _scanned(site, now, folder / f"clean-{number}")
                assert sorted(map(str, found.problems)) == sorted(map(str, clean.problems))
                if not found.problems:
                    ours = _everything(found, cached)
                    assert ours == _everything(clean, folder / f"clean-{number}")

    check()


def _lose_a_block(texts: Path) -> None:
    for block in sorted(texts.glob("*"))[:1]:
        block.unlink()


def _edit(site: Path, name: str, value: str | None) -> None:
    if value is not None:
        write(site, {name: value})
    elif not name.endswith((".toml", "page.html")):
        (site / name).unlink(missing_ok=True)
