"""The reference pages name everything that a user can write, with its default."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import jsonschema
import pytest

from ssg.config.target_registry import TARGETS
from ssg.content.build_hooks import BuildHooks
from ssg.content.source.front_matter import parse
from ssg.content.source.front_matter_keys import ALIASES, PAGE_KEYS, SECTION_KEYS
from ssg.importers.registry import GENERATORS
from ssg.model.page import PageKind
from ssg.render.hooks import Hooks
from ssg.render.markdown.page_state import TocEntry
from ssg.render.renderer import Renderer
from ssg.render.templates.filters import FILTERS
from ssg.render.templates.functions import template_functions
from ssg.render.views.archive import ArchiveView
from ssg.render.views.feed import Feed
from ssg.render.views.image import ImageView
from ssg.render.views.language import LanguageView
from ssg.render.views.menu import MenuItem
from ssg.render.views.page import PageView, TermView
from ssg.render.views.paginator import Paginator
from ssg.render.views.site import SiteView, TaxonomyView
from tests.cli.test_options import commands, options
from tests.conftest import Built
from tests.docs.reference import DOCS, page_text, section_of, spans_in

# -- commands ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_command_is_documented_with_its_options(name: str) -> None:
    text = page_text("commands.md")
    common = section_of(text, "Options that several commands share")
    spans = spans_in(section_of(text, f"ssg {name}")) | spans_in(common)
    for option in options(commands()[name]):
        for spelling in (*option.opts, *option.secondary_opts):
            assert spelling in spans, f"ssg {name} {spelling}"


def test_no_option_is_documented_that_is_not_there() -> None:
    known = {"--help", "-h", "--version", "-V", "--install-completion", "--show-completion"}
    for command in commands().values():
        for option in options(command):
            known |= {*option.opts, *option.secondary_opts}
    named = {
        span
        for span in spans_in(page_text("commands.md"))
        if re.fullmatch(r"--?[a-z-]+|-[A-Z]", span)
    }
    assert named <= known


def test_every_exit_status_is_documented() -> None:
    rows = re.findall(r"^\| (\d+) \|", section_of(page_text("commands.md"), "Exit status"), re.M)
    assert rows == ["0", "1", "2", "130"]


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_is_documented(name: str) -> None:
    for page, row in (("configuration.md", "`target.name`"), ("commands.md", "`--target NAME`")):
        rows = re.findall(rf"^\| {row}.*$", page_text(page), re.M)
        assert rows and all(f"`{name}`" in text for text in rows)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_has_a_guide(name: str) -> None:
    assert f"]({name}.md)" in page_text("migrating/_index.md")
    assert f"`{name}`" in section_of(page_text("commands.md"), "ssg import GENERATOR DIR")


# -- front matter ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(PAGE_KEYS | SECTION_KEYS))
def test_a_front_matter_key_is_documented(key: str) -> None:
    first = re.findall(
        r"^\| ([^|]+) \|", section_of(page_text("front-matter.md"), "Front matter"), re.M
    )
    assert any(f"`{key}`" in cell for cell in first)


@pytest.mark.parametrize(("alias", "key"), ALIASES.items())
def test_an_alias_is_documented_with_its_key(alias: str, key: str) -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page_text("front-matter.md"), re.M)
    assert any(f"`{alias}`" in aliases and f"`{key}`" == ours for aliases, ours in rows)


# -- templates ---------------------------------------------------------------------------------

VIEWS: dict[str, type] = {
    "page": PageView,
    "site": SiteView,
    "term": TermView,
    "taxonomy": TaxonomyView,
    "paginator": Paginator,
    "feed": Feed,
    "archive": ArchiveView,
    "item": MenuItem,
    "language": LanguageView,
    "image": ImageView,
}


def _attributes(view: type) -> Iterator[str]:
    """Public properties and methods, and what `__init__` sets on `self`."""
    for name, value in vars(view).items():
        if not name.startswith("_") and isinstance(
            value, property | cached_property | type(lambda: None)
        ):
            yield name
    yield from re.findall(r"self\.([a-z]\w*)\s*(?::[^=\n]+)?= ", inspect.getsource(view.__init__))


@pytest.mark.parametrize("name", VIEWS)
def test_every_attribute_of_a_view_is_documented(name: str) -> None:
    spans = spans_in(page_text("templates.md"))
    attributes = set(_attributes(VIEWS[name]))
    assert attributes
    assert {f"{name}.{attribute}" for attribute in attributes} <= spans


@pytest.mark.parametrize("name", VIEWS)
def test_no_attribute_is_documented_that_is_not_there(name: str) -> None:
    known = {f"{name}.{attribute}" for attribute in _attributes(VIEWS[name])} | {"page.html"}
    rows = re.findall(rf"^\| `({name}\.\w+)` \|", page_text("templates.md"), re.M)
    assert set(rows) <= known


def test_entries_of_a_table_of_contents_are_documented() -> None:
    part = spans_in(section_of(page_text("templates.md"), "Table of contents"))
    assert {field.name for field in dataclasses.fields(TocEntry)} <= part


def test_every_filter_is_documented() -> None:
    assert set(FILTERS) <= spans_in(section_of(page_text("templates.md"), "Filters"))


def test_every_name_of_the_environment_is_documented(site: Callable[..., Built]) -> None:
    own = set(Renderer(site().site)._in_language("").environment.globals)
    usual = {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
    assert own - usual <= spans_in(page_text("templates.md"))
    names = set(template_functions(Renderer(site().site).localized))
    assert "get_url" in names <= spans_in(section_of(page_text("templates.md"), "Functions"))


@pytest.mark.parametrize("kind", [Hooks, BuildHooks])
def test_a_method_of_hooks_is_documented(kind: type) -> None:
    own = {"sources", "page", "build_done"}  # ssg's side of the build hooks
    methods = {n for n, v in vars(kind).items() if inspect.isfunction(v) and n[0] != "_"} - own
    assert {f"hooks.{name}" for name in methods} <= spans_in(page_text("hooks.md"))


@pytest.mark.parametrize("kind", list(PageKind))
def test_every_kind_of_page_is_documented(kind: PageKind) -> None:
    assert f"| `{kind}` |" in page_text("templates.md")


# -- architecture -----------------------------------------------------------------------------


def _rooms() -> dict[str, str]:
    """The rooms of the table, each with what its row says of it."""
    rows = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", section_of(page_text("architecture.md"), "The rooms"), re.M
    )
    return dict(rows)


def test_every_room_is_drawn() -> None:
    here = {file.parent.name for file in (DOCS.parents[1] / "ssg").glob("*/__init__.py")}
    assert set(_rooms()) == here


@pytest.mark.parametrize("room", _rooms())
def test_what_is_drawn_in_a_room_is_there(room: str) -> None:
    """Names in backticks behind the last column are modules or folders of the room."""
    folder = DOCS.parents[1] / "ssg" / room
    there = {file.stem for file in folder.rglob("*.py")} | {one.name for one in folder.iterdir()}
    named = re.findall(r"`([a-z_]+)/?`", _rooms()[room].rpartition(" | ")[2])
    assert [name for name in named if name not in there] == []


def test_floors_are_drawn_as_they_are_checked() -> None:
    layers = tomllib.loads((DOCS.parents[1] / "pyproject.toml").read_text("utf-8"))
    contract, *_ = layers["tool"]["importlinter"]["contracts"]  # the first one: the floors
    drawn = re.search(r"^cli \|.*?(?=\n```)", page_text("architecture.md"), re.M | re.S)
    assert drawn and drawn[0].split("\n") == contract["layers"]


@pytest.mark.parametrize("page", ["architecture.md", "contributing.md"])
def test_files_that_a_contributor_is_sent_to_exist(page: str) -> None:
    """`NAME` stands for a name that the contributor chooses."""
    paths = re.findall(r"`((?:ssg|tests|content/docs)/[\w./]*)`", page_text(page))
    assert len(paths) > 20
    assert [
        path for path in paths if "NAME" not in path and not (DOCS.parents[1] / path).exists()
    ] == []


# -- the map ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(DOCS.rglob("*.md")), ids=lambda file: file.name)
def test_a_page_can_be_found_and_told_apart(file: Path) -> None:
    """By its place in the list, by what it says of itself, and by the group that it is in."""
    values = parse(file.read_bytes(), file.name).values
    assert values.get("title")
    assert values.get("description", "").endswith((".", "?"))
    assert values.get("weight") or file == DOCS / "_index.md"


def test_no_two_pages_have_one_place() -> None:
    folders = (DOCS, DOCS / "guides", DOCS / "explanation")
    files = [file for folder in folders for file in folder.glob("*.md")]
    weights = [parse(file.read_bytes(), file.name).values.get("weight") for file in files]
    assert len(set(weights)) == len(weights)


# -- manifest ----------------------------------------------------------------------------------

RULES = (
    'theme = ""\n[[deferred.rules]]\nmatch = "**"\nttl = 60\n[[deferred.rules]]\nkind = "term"\n'
)


@pytest.mark.parametrize("target", ["static", "netlify"])
def test_a_manifest_is_what_its_schema_says(site: Callable[..., Built], target: str) -> None:
    schema = json.loads(page_text("manifest.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    built = site({"ssg.toml": RULES, "content/ö.md": "---\ntags: [x]\n---\n"}, target=target)
    manifest = json.loads(built.report.manifest.read_text())
    assert len(manifest["pages"]) == (2 if target == "netlify" else 0)
    jsonschema.validate(manifest, schema, format_checker=jsonschema.FormatChecker())


def test_the_schema_knows_every_key(site: Callable[..., Built]) -> None:
    schema = json.loads(page_text("manifest.schema.json"))
    built = site({"ssg.toml": RULES, "content/a.md": ""}, target="netlify")
    manifest = json.loads(built.report.manifest.read_text())
    assert set(schema["required"]) == set(schema["properties"]) == set(manifest)
    page = schema["$defs"]["page"]
    assert set(page["required"]) == set(page["properties"]) == set(manifest["pages"][0])
    keys = spans_in(page_text("manifest.md"))
    assert set(manifest) | {f"pages[].{key}" for key in manifest["pages"][0]} <= keys


# -- rules of Netlify --------------------------------------------------------------------------

_CITED = re.compile(r"\brules? (\d+(?:(?:, | and | to )\d+)*)\b(?! \()")
"""`rule 14`, `rules 2, 6 and 7`; not `rule 1 (match "blog/**")`, which is one of a site's plan."""


def _citing_files() -> list[Path]:
    root = DOCS.parents[1]
    files = [file for top in ("ssg", "tests") for file in (root / top).rglob("*.py")]
    return [file for file in files if _CITED.search(file.read_text("utf-8"))]


def test_rules_of_netlify_are_numbered_without_gaps() -> None:
    section = section_of(page_text("netlify.md"), "Rules of Netlify")
    assert re.findall(r"^(\d+)\. ", section, re.M) == [str(number) for number in range(1, 20)]


@pytest.mark.parametrize("file", _citing_files(), ids=lambda file: file.stem)
def test_a_cited_rule_is_listed_and_the_package_tells_where(file: Path) -> None:
    section = section_of(page_text("netlify.md"), "Rules of Netlify")
    listed = set(re.findall(r"^(\d+)\. ", section, re.M))
    cited = {
        n for text in _CITED.findall(file.read_text("utf-8")) for n in re.findall(r"\d+", text)
    }
    assert cited <= listed
    if "tests" not in file.relative_to(DOCS.parents[1]).parts:
        assert "content/docs/netlify.md" in (file.parent / "__init__.py").read_text("utf-8")
