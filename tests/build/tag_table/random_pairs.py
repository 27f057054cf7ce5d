"""Pairs of random sites, before and after an edit, and the answers for all their deferred pages.

`python -m tests.build.tag_table.random_pairs 2000` looks for a page that an edit changes and that
no tag tells of, in so many pairs, and says how many of the pages that would be purged changed.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ssg.build.clock import build_time
from ssg.build.compile_site import compile_site
from ssg.build.options import BuildOptions
from ssg.build.tag_table.tag_values import tag_table
from ssg.config.load import load
from ssg.config.schema import RULE_KINDS
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.tag_table.table_file import TagTable
from ssg.model.errors import SsgError
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.render.dependencies import tags
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.build.incremental.outcome import code_of
from tests.build.incremental.random_site import SECTIONS, World, fill, sync

ALL_DEFERRED = "".join(
    f'[[deferred.rules]]\nkind = "{kind}"\n' for kind in RULE_KINDS
)  # fmt: skip
BODY = '{% extends "base.html" %}{% block body %}'
PAGES = [
    BODY + "{{ page.content }}{% for p in page.related(1) %}{{ p.title }}{% endfor %}"
    "{% endblock %}",
    BODY + "{% for p in site.pages[:3] %}{{ p.title }}{{ p.date }}{% endfor %}{% endblock %}",
    BODY + "{% for p in site.pages[1:4] %}{{ p.url }}{% endfor %}{% endblock %}",
    BODY + "{% for p in site.pages %}{{ p.description }}{% endfor %}{% endblock %}",
    BODY + "{% for p in page.section.pages[:2] %}{{ p.summary }}{% endfor %}{% endblock %}",
    BODY + "{{ page.section.pages | length }}{{ site.pages | length }}{% endblock %}",
    BODY + "{% for t in page.tags %}{{ t }}{{ t.page_count }}{{ t.url }}{% endfor %}{% endblock %}",
    BODY + "{% for t in get_taxonomy('tags').terms %}{{ t }}{% for p in t.pages[:2] %}{{ p.title }}"
    "{% endfor %}{% endfor %}{% endblock %}",
    BODY + "{% if site.archive %}{% for y in site.archive.years %}{{ y.year }}{{ y.page_count }}"
    "{% for p in y.pages %}{{ p.title }}{% endfor %}{% endfor %}{% endif %}{% endblock %}",
    BODY + "{% for f in site.feeds %}{{ f.url }}{% endfor %}{{ page.section.feed }}{% endblock %}",
    BODY + "{{ page.next_in_site.title if page.next_in_site }}{{ page.previous_in_site.content if "
    "page.previous_in_site }}{% endblock %}",
    BODY + "{{ page.next.next.title if page.next and page.next.next }}{{ page.word_count }}"
    "{{ page.next.tags | length if page.next }}{% endblock %}",
    BODY + "{% for t in page.translations %}{{ t.title }}{{ t.summary }}{% endfor %}"
    "{{ page.alternates }}{% endblock %}",
    BODY + "{{ get_integrity('a.css') }}{{ trans('hello', lang='fr') if site.languages | length > 1"
    " }}{% endblock %}",
    BODY + "{% for s in site.sections %}{{ s.title }}{% for q in s.sections %}{{ q.title }}"
    "{% endfor %}{% endfor %}{{ page.ancestors | length }}{% endblock %}",
    BODY + "{{ page.assets }}{{ page.updated }}{{ page.extra | length }}{{ page.weight }}"
    "{% endblock %}",
    BODY + "{% for i in site.menus.main %}{{ i.name }}{{ i.url }}{{ i.page.title if i.page }}"
    "{% endfor %}{% endblock %}",
    BODY + "{{ get_page('blog/_index.md').title }}{{ data.team.name if data.team }}{% endblock %}",
    BODY + "{{ trans('hello') }}{{ load_data('data/team.json').name }}{{ now | date('%H') }}"
    "{% endblock %}",
    BODY + "{{ site.build_id }}{{ get_url('a.css', cachebust=True) }}{% endblock %}",
]  # fmt: skip
MENU = '\n[[menus.main]]\nname = "Docs"\nurl = "/docs/"\n'


class DeferredWorld(World):
    """A random site of which every page is deferred that can be."""

    def config(self) -> None:
        World.config(self)
        menu = MENU if self.dice.random() < 0.3 else ""
        order = '[taxonomies.tags]\nsort_by = "count"\n' if self.dice.random() < 0.5 else ""
        text = (self.files["ssg.toml"] or "").replace(
            "[taxonomies.tags]\n", order or "[taxonomies.tags]\n"
        )
        self.files["ssg.toml"] = text + ALL_DEFERRED + menu

    def shape(self) -> None:
        """Another template for pages, or for one page."""
        name = self.dice.choice(["page.html", "other.html"])
        self.files[f"templates/{name}"] = self.dice.choice(PAGES)

    def other(self) -> None:
        """A page with another template."""
        self._set(("template", "other.html"))

    def deferral(self) -> None:
        """A page that is critical from now on, or no longer, or is kept for another time."""
        self._set(self.dice.choice([("deferred", False), ("deferred", True), ("ttl", 90)]))

    def keys(self) -> None:
        """Front matter that lists are ordered by."""
        dice = self.dice
        date = f"2026-01-{dice.randrange(10, 31)}"
        self._set(dice.choice([("date", date), ("weight", dice.randrange(5))]))

    def french(self) -> None:
        self.files["i18n/fr.toml"] = f'hello = "{self.dice.choice(["Salut", "Bonjour"])}"'

    def asset(self) -> None:
        folder = self.dice.choice([one for one in SECTIONS if one])
        self.files[f"content/{folder}photo.txt"] = self.dice.choice([None, "1", "2"])

    def _set(self, pair: tuple[str, Any]) -> None:
        pages = [one for one in self._pages() if (self.files[one] or "").startswith("---\n{")]
        if pages:
            name = self.dice.choice(pages)
            _, head, text = (self.files[name] or "").split("---\n", 2)
            front = {**json.loads(head), pair[0]: pair[1]}
            self.files[name] = f"---\n{json.dumps(front)}\n---\n{text}"


Edit = Callable[[Any], None]
EDITS: list[Edit] = [
    *[World.page] * 6, *[World.text] * 6, *[World.front] * 10, *[World.delete] * 2,
    *[World.rename] * 3, *[World.section] * 2, *[World.template] * 3, World.theme,
    *[World.data] * 2, *[World.phrase] * 2, *[World.static] * 3, World.beside, World.hooks,
    World.clock, DeferredWorld.config, *[DeferredWorld.shape] * 4, DeferredWorld.other,
    *[DeferredWorld.deferral] * 3, *[DeferredWorld.keys] * 8, *[DeferredWorld.french] * 2,
    DeferredWorld.asset,
]  # fmt: skip
SMALL = {"FIRST": 3, "PART": 2, "MAX_PARTS": 2, "SHORT_ANSWER_ROWS": 1}
"""Limits that even small sites meet."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that a cache keeps: what it says, and its tags."""

    content: tuple[Any, ...]
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A site: its tag table, and the answers for the deferred pages that are stored."""

    table: TagTable
    answers: dict[str, Answered] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an edit changed: paths of pages that changed, that would be purged, and that are
    missed."""

    changed: frozenset[str]
    purged: frozenset[str]
    pages: int

    @property
    def missed(self) -> frozenset[str]:
        return self.changed - self.purged


def compare(before: Snapshot, now: Snapshot, renderer: TaggedRenderer) -> Comparison:
    """Compare two sites. `renderer` is that of the new one."""
    differing = frozenset(now.table.differing(before.table))
    old = before.answers.items()
    changed = {path for path, one in old if contents(renderer, path)[0] != one.content}
    purged = {path for path, one in old if one.tags & differing}
    return Comparison(frozenset(changed), frozenset(purged), len(before.answers))


@contextlib.contextmanager
def limits(seed: int) -> Iterator[None]:
    """Small limits for most seeds."""
    chosen = {**SMALL, "MAX_TAGS": (12, 24, 50)[seed % 3]} if seed % 4 else {}
    with contextlib.ExitStack() as stack:
        for name, value in chosen.items():
            stack.enter_context(patch.object(tags, name, value))
        tags._tags_of_question.cache_clear()
        yield
        tags._tags_of_question.cache_clear()


def begin(seed: int) -> DeferredWorld:
    """A site."""
    world = fill(DeferredWorld(random.Random(seed)), seed)  # noqa: S311 dice of a test
    for name in ("page.html", "other.html"):
        world.files[f"templates/{name}"] = world.dice.choice(PAGES)
    world.files["data/team.json"] = '{"name": "a"}'
    for edit in (world.french, *[world.other] * 3):
        edit()
    return world


def contents(renderer: TaggedRenderer, path: str) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """What an answer says, with all that a cache makes of it; and its tags."""
    found = answered(renderer, Request("GET", quote_path(path)))
    page = renderer.site.page_at(path)
    own = page.cache_tags if page and found.status == 200 else ""
    caching = found.caching
    said = (found.status, found.body, caching.fresh_seconds, caching.stale_seconds, own)
    return said, caching.tags


def snapshot(database: Path) -> tuple[Snapshot, TaggedRenderer]:
    """The snapshot of a compiled site, and a renderer for it."""
    renderer = TaggedRenderer(Site.open(database))
    found = Snapshot(tag_table(database, code_fingerprint()))
    for path in renderer.site.deferred_paths():
        content, own = contents(renderer, path)
        if content[0] == 200:  # failures are never stored
            found.answers[path] = Answered(content, frozenset(own))
    return found, renderer


def compiled(root: Path, world: World, name: str) -> Path | None:
    """Compile a site; None if it has problems."""
    sync(root, world.files)
    database = root / ".ssg" / name / "site.db"
    database.parent.mkdir(parents=True)
    try:
        project = load(root, overrides={("target", "name"): "netlify"}, environment={})
        now = build_time(project.settings.site.timezone)
        compile_site(project, BuildOptions(now, world.include), database)
    except SsgError:
        return None
    return database


def states(seed: int, edits: int) -> Iterator[tuple[Edit, Path]]:
    """A random site, and each state after an edit: the edit, and the site database."""
    with tempfile.TemporaryDirectory() as folder, limits(seed):
        root, world = Path(folder, "site"), begin(seed)
        edit: Edit = World.nothing
        for number in range(edits + 1):
            kept = dict(world.files)
            edit(world)
            with code_of(world, Path(folder)):
                database = compiled(root, world, str(number))
                if database is None:  # the edit was a slip, and is taken back
                    world.files = {**dict.fromkeys(world.files), **kept}
                else:
                    yield edit, database
            edit = world.dice.choice(EDITS)


def pairs(seed: int, edits: int) -> Iterator[tuple[Edit, Comparison]]:
    """Compare each state of a random site with the next."""
    before: Snapshot | None = None
    for edit, database in states(seed, edits):
        now, renderer = snapshot(database)
        if before:
            yield edit, compare(before, now, renderer)
        before = now


def main(wanted: int) -> int:
    """Look at so many pairs. Returns the number of pages that were missed."""
    tell = partial(print, flush=True)
    done = missed = changed = purged = pages = seed = 0
    while done < wanted:
        for edit, found in pairs(seed, 12):
            done += 1
            missed += len(found.missed)
            changed += len(found.changed)
            purged += len(found.purged)
            pages += found.pages
            if found.missed:
                tell(f"seed {seed}: {edit.__name__} missed {sorted(found.missed)}")
        seed += 1
    tell(f"{done} pairs, {pages} pages: {changed} changed, {purged} purged, {missed} missed")
    tell(f"{changed / max(1, purged):.0%} of the purged pages changed")
    return missed


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))
