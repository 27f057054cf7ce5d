"""Random sites and random edits of them."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ssg.build.publish.publish_folder import file_names
from ssg.content.source.publication import IncludeOptions
from tests.conftest import NOW, write

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
