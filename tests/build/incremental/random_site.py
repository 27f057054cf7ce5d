"""Random sites and random edits of them, and all that a build of them leaves."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from ssg.build.clock import build_time
from ssg.build.incremental.up_to_date import build_fingerprint, report_if_up_to_date
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.publish.publish_folder import file_names
from ssg.build.report import BuildReport
from ssg.config.load import load
from ssg.content.reading import chunk_reader
from ssg.content.source.publication import IncludeOptions
from ssg.fingerprint import code
from ssg.model.errors import SsgError
from ssg.model.page import Page
from ssg.render.markdown.title import plain_title
from ssg.render.renderer import Renderer
from tests.conftest import NOW, Silent, write

CONFIG = """theme = "plain"
base_url = "https://example.org/"
title = "{title}"
timezone = "{zone}"
[taxonomies.tags]
feed = {feeds}
paginate_by = {size}
[taxonomies.kinds]
[feed]
full_content = {feeds}
[search]
enabled = {search}
[permalinks]
{permalinks}
[archive]
path = "{archive}"
[outputs]
markdown = {feeds}
[[menus.main]]
page = "blog/_index.md"
[[deferred.rules]]
match = "blog/**"
older_than = "20d"
keep_newest = {keep}
popular = {popular}
{languages}
"""

LANGUAGES = """[languages.en]
name = "English"
[languages.fr]
name = "Français"
"""

TEMPLATES = {
    "base.html": [
        "<title>{{ page.title }}</title>{% block body %}{% endblock %}",
        "<h1>{{ site.title }}</h1>{% for i in site.menus.main %}{{ i.name }}{% endfor %}"
        "{% block body %}{% endblock %}",
        "{% block body %}{% endblock %}{% for p in site.pages[:2] %}{{ p.title }},{% endfor %}"
        "{% for t in site.taxonomies.tags.terms %}{{ t }}{{ t.page_count }}{% endfor %}",
        "{% block body %}{% endblock %}{% for p in page.translations %}{{ p.url }}{{ p.title }}"
        "{% endfor %}{{ site.language }}",
        "{% block body %}{% endblock %}{% for s in site.home.sections %}{{ s.title }}{% endfor %}"
        "{{ site.build_id }}",
    ],
    "page.html": [
        '{% extends "base.html" %}{% block body %}{{ page.content }}{% endblock %}',
        '{% extends "base.html" %}{% block body %}{{ page.content }}{{ page.previous.title if '
        "page.previous }}|{{ page.next.title if page.next }}{% for t in page.tags %}{{ t }}"
        '{% endfor %}{% include "part.html" %}{% endblock %}',
        '{% extends "base.html" %}{% import "macros.html" as m %}{% block body %}{{ m.line(page) }}'
        "{% for p in page.related(2) %}{{ p.title }}{% endfor %}"
        "{{ page.word_count }}{% endblock %}",
        '{% extends "base.html" %}{% block body %}{{ page.next_in_site.url if page.next_in_site }}'
        '{{ page.toc | length }}{{ now | date("%H") }}{{ page.assets }}{% endblock %}',
        "{{ page.title }}{{ data.team.name if data.team }}{{ trans('hello') }}"
        "{{ page.section.title if page.section }}{{ page.reading_time }}"
        "{{ page.ancestors | length }}",
        '{% extends "theme:page.html" %}',
    ],
    "section.html": [
        '{% extends "base.html" %}{% block body %}{% for p in paginator.pages %}{{ p.title }}'
        "{{ p.date }}{% endfor %}{{ paginator.count }}{% endblock %}",
        "{% for p in section.pages %}{{ p.summary }}{{ p.url }}{% endfor %}{{ page.content }}",
        "{% for p in section.pages[1:3] %}{{ p.content }}{% endfor %}{{ section.pages | length }}",
    ],
    "part.html": [
        "part",
        "{{ get_url('/a.css', cachebust=True) }}",
        "{{ site.data.team }}",
        "{{ now }}",
    ],
    "macros.html": [
        "{% macro line(p) %}{{ p.title }}{% endmacro %}",
        "{% set n = site.pages | length %}{% macro line(p) %}{{ p.title }}{{ n }}{% endmacro %}",
        "{% macro line(p) %}{{ get_page('@/blog/_index.md').title }}{% endmacro %}",
    ],
    "shortcodes/note.html": [
        "<b>{{ text | default('') }}</b>",
        "<i>{{ page.title }}</i>",
        "{{ data.team }}",
    ],
    "markdown/link.html": ["<a href='{{ url }}'>{{ text }}</a>", "{{ text }}!"],
    "markdown/heading.html": ["<h{{ level }} id='{{ id }}'>{{ text }}</h{{ level }}>"],
}
THEME = {
    "page.html": ["theme {{ page.content }}", "theme {{ page.title }}"],
    "section.html": ["{% for p in paginator.pages %}{{ p.title }};{% endfor %}"],
    "term.html": [
        "{{ term }}{% for p in term.pages %}{{ p.title }}{% endfor %}",
        "{{ term.page_count }}{% for p in paginator.pages %}{{ p.url }}{% endfor %}",
    ],
    "taxonomy.html": ["{% for t in taxonomy.terms %}{{ t }}{% endfor %}", "{{ taxonomy.title }}"],
    "404.html": ["not here", "{{ site.title }}: not here"],
}  # fmt: skip
SECTIONS = ("", "blog/", "blog/deep/", "docs/")
STEMS = ("a", "b", "c", "d", "e")
HOOKS = [
    None,
    "def setup(hooks):\n    hooks.filter(str.upper, 'loud')\n",
    "def setup(hooks):\n    hooks.shortcode(lambda text='': text[::-1], 'note')\n",
]
BUILD_HOOKS = [
    None,
    "def setup(hooks):\n    @hooks.on_page\n    def add(page):\n        page.front['extra'] = {}\n",
]


@dataclass(slots=True)
class World:
    """A site with all that a build of it hangs on, and the dice that change it."""

    dice: random.Random
    files: dict[str, str | None] = field(default_factory=dict)
    now: dt.datetime = NOW
    include: IncludeOptions = IncludeOptions()
    target: str = "netlify"
    kind: str = "builder"
    """Of the function: only one kind has cache tags."""
    foreign: dict[str, str] = field(default_factory=dict)
    links: bool = False
    """Whether texts link to each other."""
    speaks_french: bool = False
    """Whether the site is one of two languages."""
    strict: bool = False
    keeps_times: bool = False
    """Whether a file that is written anew gets the time that it had."""
    package_version: int = 0
    module_version: int = 0
    """Versions of the code that builds: of an installed package, and of a module of ours."""

    # -- edits ---------------------------------------------------------------------------------

    def page(self) -> None:
        dice = self.dice
        suffix = ".fr.md" if self.speaks_french and dice.random() < 0.4 else ".md"
        name = f"content/{dice.choice(SECTIONS)}{dice.choice(STEMS)}{suffix}"
        front = {"title": dice.choice(["One", "Two", "Three", f"N{dice.randrange(99)}"])}
        if dice.random() < 0.7:
            front["date"] = str((NOW - dt.timedelta(days=dice.randrange(-9, 60))).date())
        for key, values in {
            "tags": (["x"], ["x", "y"], ["z"], ["X"]),
            "kinds": (["k"],),
            "weight": (1, 2),
            "description": ("short", "*long*"),
            "draft": (True,),
            "aliases": ([f"/old/{name}/"],),
            "deferred": (True, False),
            "stale": (0, "1m"),
            "cache_tags": (["own"],),
            "expiry_date": ("2026-02-03",),
            "extra": ({"mark": 1},),
        }.items():
            if dice.random() < 0.2:
                front[key] = dice.choice(values)
        self.files[name] = f"---\n{json.dumps(front)}\n---\n{self._text()}"

    def _text(self) -> str:
        dice = self.dice
        parts = [" ".join(dice.choices(["word", "*em*", "`code`", "other"], k=dice.randrange(6)))]
        parts.append(
            dice.choice(["", "## Part\n\ntext", "{{ note(text='t') }}", "<!-- more -->\n\nrest"])
        )
        if self.links and dice.random() < 0.4 and (others := self._pages()):
            other = dice.choice(others)
            part = dice.choice(["", "#part"]) if "## Part" in (self.files[other] or "") else ""
            parts.append(f"[to](@/{other.removeprefix('content/')}{part})")
        return "\n\n".join(parts)

    def _pages(self) -> list[str]:
        return sorted(name for name, text in self.files.items() if text and name.endswith(".md"))

    def text(self) -> None:
        if pages := self._pages():
            name = self.dice.choice(pages)
            head = (self.files[name] or "").rpartition("---\n")[0]
            self.files[name] = f"{head}---\n{self._text()}"

    def front(self) -> None:
        """Most often a page stays where it is."""
        if not (pages := self._pages()):
            return
        name, dice = self.dice.choice(pages), self.dice
        _, head, text = (self.files[name] or "").split("---\n", 2)
        front = json.loads(head) if head.startswith("{") else {"title": "Blog"}
        key, value = dice.choice([
            *[("title", f"N{dice.randrange(99)}"), ("description", f"{dice.randrange(9)}")] * 2,
            ("date", str((NOW - dt.timedelta(days=dice.randrange(-9, 60))).date())),
            ("date", None), ("updated", "2026-01-05"), ("weight", dice.randrange(4)),
            ("tags", dice.choice([["x"], ["y"], ["x", "y"], ["X"], ["new"], []])), ("tags", None),
            ("extra", {"mark": dice.randrange(9)}), ("draft", dice.random() < 0.5),
            ("template", dice.choice(["section.html", None])), ("aliases", ["/older/"]),
            ("slug", dice.choice(["other", None])), ("summary", "in short"),
            ("ttl", dice.choice(["1h", None])), ("stale", 5), ("cache_tags", ["a", "b"]),
            ("menus", dice.choice(["main", None])), ("expiry_date", "2026-02-01"),
        ])  # fmt: skip
        front = {**front, key: value}
        kept = {key: value for key, value in front.items() if value is not None}
        self.files[name] = f"---\n{json.dumps(kept)}\n---\n{text}"

    def delete(self) -> None:
        if pages := self._pages():
            self.files[self.dice.choice(pages)] = None

    def rename(self) -> None:
        if pages := self._pages():
            old = self.dice.choice(pages)
            folder = self.dice.choice(SECTIONS)
            new = f"content/{folder}{self.dice.choice(STEMS)}.md"
            self.files[new], self.files[old] = self.files[old], None

    def section(self) -> None:
        front = {
            "title": self.dice.choice(["Home", "List", "Other"]),
            "sort_by": self.dice.choice(["date", "title", "weight"]),
            "paginate_by": self.dice.choice([0, 2]),
            "transparent": self.dice.random() < 0.2,
            "generate_feeds": self.dice.random() < 0.3,
        }
        if self.dice.random() < 0.2:
            front["cascade"] = {"deferred": True, "stale": 60, "cache_tags": ["all"]}
        folder = self.dice.choice(SECTIONS)
        self.files[f"content/{folder}_index.md"] = f"---\n{json.dumps(front)}\n---\n{self._text()}"

    def template(self) -> None:
        name = self.dice.choice(sorted(TEMPLATES))
        self.files[f"templates/{name}"] = self.dice.choice([None, *TEMPLATES[name]])

    def theme(self) -> None:
        name = self.dice.choice(sorted(THEME))
        self.files[f"themes/plain/templates/{name}"] = self.dice.choice(THEME[name])

    def data(self) -> None:
        self.files["data/team.json"] = self.dice.choice([None, '{"name": "a"}', '{"name": "b"}'])

    def popular(self) -> None:
        paths = [f"/blog/{stem}/" for stem in self.dice.sample(STEMS, 3)]
        pages = [{"path": path, "requests": self.dice.randrange(1, 4)} for path in paths]
        text = json.dumps({"pages": pages})
        self.files["data/popular.json"] = self.dice.choice([None, text, text])

    def phrase(self) -> None:
        self.files["i18n/en.toml"] = f'hello = "{self.dice.choice(["Hi", "Ho"])}"'

    def static(self) -> None:
        name = self.dice.choice(["a.css", "b.txt", "_redirects", "_headers", "img/c.svg"])
        texts = {"_redirects": "/one /two 301\n", "_headers": "/x/*\n  X-A: b\n"}
        other = self.dice.choice(["1", "22", "333"])
        self.files[f"static/{name}"] = texts.get(name) or other
        if name == "b.txt" and self.dice.random() < 0.5:
            self.files[f"static/{name}"] = None

    def beside(self) -> None:
        folder = self.dice.choice(SECTIONS)
        self.files[f"content/{folder}data.txt"] = self.dice.choice([None, "1", "2"])

    def config(self) -> None:
        dice = self.dice
        self.files["ssg.toml"] = CONFIG.format(
            title=dice.choice(["T", "U"]),
            zone=dice.choice(["UTC", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
            feeds=dice.choice(["true", "false"]),
            search=dice.choice(["true", "false"]),
            permalinks=dice.choice(["", '"docs" = "/d/:slug/"', '"docs" = "/d/:title/:filename/"']),
            archive=dice.choice(["", "years"]),
            size=dice.choice([0, 2]),
            keep=dice.choice([0, 1]),
            popular=dice.choice([0, 2]),
            languages=LANGUAGES if self.speaks_french else "",
        )

    def hooks(self) -> None:
        self.files["hooks.py"] = self.dice.choice(HOOKS)
        self.files["build_hooks.py"] = self.dice.choice(BUILD_HOOKS)

    def clock(self) -> None:
        self.now += dt.timedelta(hours=self.dice.choice([1, 24, 24 * 9, -24 * 5]))

    def options(self) -> None:
        self.include = IncludeOptions(self.dice.random() < 0.5, self.dice.random() < 0.5)
        self.target = self.dice.choice(["netlify", "static"])
        self.kind = self.dice.choice(["builder", "function"])
        self.strict = self.dice.random() < 0.2

    def package(self) -> None:
        """Another version of an installed package, with other titles."""
        self.package_version += self.dice.choice([1, 1, -1])

    def module(self) -> None:
        """Another version of our own code, with other pages."""
        self.module_version += self.dice.choice([1, 1, -1])

    def times(self) -> None:
        """From now on, or no longer, a changed file shows the time that it had."""
        self.keeps_times = not self.keeps_times
        self.text()

    def nothing(self) -> None:
        """A build after which nothing was changed."""

    # -- what is done to the publish folder ------------------------------------------------------

    def tamper(self, output: Path) -> None:
        found = sorted(set(file_names(output)) - self.foreign.keys())
        if not found:
            return
        file = output / self.dice.choice(found)
        deed = self.dice.choice(["delete", "change", "touch", "same size", "add", "none", "none"])
        if deed == "delete":
            file.unlink()
        elif deed == "change":
            file.write_text("changed by hand")
        elif deed == "touch":
            os.utime(file, (1, 1))
        elif deed == "same size":
            file.write_bytes(b"x" * file.stat().st_size)
        elif deed == "add":
            name = f"{file.parent.relative_to(output)}/mine.txt"
            write(output, {name: "mine"})
            self.foreign[str(Path(name))] = "mine"


_World = TypeVar("_World", bound=World)

EDITS = [
    *[World.page] * 5, *[World.text] * 5, *[World.front] * 8, World.delete, World.rename,
    World.section, *[World.template] * 3, World.theme, World.data, World.popular, World.phrase,
    World.static, World.beside, World.config, World.hooks, World.clock, World.options,
    World.nothing, *[World.package] * 2, *[World.module] * 2, *[World.times] * 2,
]  # fmt: skip


def begin(seed: int) -> World:
    return fill(World(random.Random(seed)), seed)  # noqa: S311 dice of a test


def fill(world: _World, seed: int) -> _World:
    """Give a site its first files."""
    world.speaks_french = seed % 3 == 0
    world.kind = "function" if seed % 2 else "builder"
    for name, texts in TEMPLATES.items():
        if "markdown/" not in name:
            world.files[f"templates/{name}"] = texts[0]
    for name, texts in THEME.items():
        world.files[f"themes/plain/templates/{name}"] = texts[0]
    world.files["themes/plain/theme.toml"] = ""
    world.files["static/a.css"] = "1"
    world.files["content/blog/_index.md"] = "---\ntitle: Blog\npaginate_by: 2\n---\n"
    for edit in (world.config, world.phrase, *[world.page] * 9, *[world.section] * 2):
        edit()
    world.links = True
    return world


def sync(root: Path, files: dict[str, str | None], *, keeps_times: bool = False) -> None:
    """Make the files of a site what they are to be; what is right is not touched."""
    for name, text in files.items():
        file = root / name
        if text is None:
            file.unlink(missing_ok=True)
        elif not file.is_file() or file.read_text() != text:
            before = file.stat().st_mtime_ns if keeps_times and file.is_file() else None
            write(root, {name: text})
            if before is not None:
                os.utime(file, ns=(before, before))


@contextlib.contextmanager
def code_of(world: World, folder: Path) -> Iterator[None]:
    """Build with the versions of code that a world has: they make other titles and other pages."""
    package, module = world.package_version, world.module_version
    version_file = folder / f"version-{module}.py"
    version_file.write_text(str(module))
    files, render = code.code_files, Renderer.render

    def title(text: str) -> str:
        return plain_title(text) + "+" * abs(package)

    def rendered(renderer: Renderer, page: Page) -> bytes:
        return render(renderer, page) + f"<!-- {module} -->".encode()

    with (
        patch.object(code, "installed", lambda: [f"mistune-{package}.dist-info"]),
        patch.object(code, "code_files", lambda: [*files(), str(version_file)]),
        patch.object(chunk_reader, "plain_title", title),
        patch.object(Renderer, "render", rendered),
        patch.dict(os.environ, {"SOURCE_DATE_EPOCH": str(int(world.now.timestamp()))}),
    ):
        code.code_fingerprint.cache_clear()
        try:
            yield
        finally:
            code.code_fingerprint.cache_clear()


TAGS = "_ssg/tags"
"""The tag table has a value for the time of the build."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """All that a build leaves for the world, or why it leaves nothing."""

    problems: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)
    manifest: str = ""
    facts: dict[str, list[object]] = field(default_factory=dict)
    is_at_rest: bool = False
    """Whether nothing was built, as there was nothing to do."""

    def is_as(self, other: Outcome) -> bool:
        """What was left as it stood says when it was built. No page does, or it would not stand."""
        if not (self.is_at_rest or other.is_at_rest):
            return astuple(self) == astuple(other)
        return astuple(self.timeless()) == astuple(other.timeless())

    def timeless(self) -> Outcome:
        manifest = json.loads(self.manifest)
        del manifest["build_time"]
        meta = [row for row in self.facts["meta"] if row[0] != "build_time"]
        facts = {**self.facts, "meta": meta}
        files = {name: data for name, data in self.files.items() if not name.startswith(TAGS)}
        text = json.dumps(manifest)
        return replace(self, manifest=text, facts=facts, files=files, is_at_rest=False)


def outcome(root: Path, world: World, *, no_cache: bool) -> tuple[Outcome, BuildReport | None]:
    try:
        with code_of(world, root.parent):
            return _outcome(root, world, no_cache=no_cache)
    except SsgError as error:
        return Outcome(frozenset(str(problem) for problem in error.problems)), None


def _outcome(root: Path, world: World, *, no_cache: bool) -> tuple[Outcome, BuildReport | None]:
    """As `ssg build` goes about it."""
    project = load(root, overrides=overrides(world), environment={})
    layout, now = Layout.of(project), build_time(project.settings.site.timezone)
    options = BuildOptions(
        now, world.include, strict=world.strict, package=False, no_cache=no_cache
    )
    fingerprint = build_fingerprint(project, options.key)
    if fingerprint and not no_cache and report_if_up_to_date(layout, fingerprint, now):
        return left(layout, world, is_at_rest=True), None
    report = build(project, layout, replace(options, fingerprint=fingerprint), Silent())
    return left(layout, world, is_at_rest=False), report


def overrides(world: World) -> dict[tuple[str, ...], str]:
    return {("target", "name"): world.target, ("target", "kind"): world.kind}


def left(layout: Layout, world: World, *, is_at_rest: bool) -> Outcome:
    files = {name: (layout.output / name).read_bytes() for name in file_names(layout.output)}
    for name in world.foreign:
        files.pop(name, None)
    found = facts(layout.database)
    return Outcome(frozenset(), files, layout.manifest.read_text(), found, is_at_rest)


def facts(database: Path) -> dict[str, list[object]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
            for (name,) in tables.fetchall()
            if not name.startswith("sqlite_")
        }
