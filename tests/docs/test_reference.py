"""The reference of the code: what is read of a source, how names become links, what there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from reference.code import Class, Field, Function, read_module
from reference.links import Place, as_markdown, linked_code, places_of
from reference.pages import ROOMS, pages
from ssg.content.build_hooks import SourcePage

ROOT = Path(__file__).parents[2]

SOURCE = '''\
"""A module. It has words.

More of them."""

from dataclasses import dataclass
from ssg.other import Other as Alias

LIMIT = 5
"""So
many."""
_HIDDEN = 1
TABLE: dict[str, int] = {
    "a long value": 1, "that no page": 2, "shows in full": 3, "for it is": 4, "too long": 5
}


@dataclass(frozen=True)
class Boat(Alias, metaclass=type):
    """A boat."""

    name: str
    """What it is called."""
    length: float = 3.5

    def __init__(self, name: str, /, crew: list[Boat], *rest: int, far: bool = False, **more: str):
        self.crew = crew
        self.mast: Alias | None = None
        """It may be down."""
        self._hidden = 1

    @property
    def colour(self) -> str:
        """Of the hull."""

    @classmethod
    def built(cls, year: int) -> Boat:
        """Make one."""

    def _own(self) -> None: ...


def sail(boat: Boat, wind="", *, hours: int = 3) -> Alias:
    """Go."""


async def wait(): ...


def _hidden(): ...


def sail(boat: Boat) -> None:
    """The second of one name is meant."""
'''


@pytest.fixture(scope="module")
def all_pages() -> dict[str, SourcePage]:
    return {page.source: page for page in pages(ROOT)}


def test_what_is_public_is_read_in_the_order_of_the_source() -> None:
    module = read_module(SOURCE, "ssg.boats", "ssg/boats.py")
    assert module.text == "A module. It has words.\n\nMore of them."
    assert module.imports["Alias"] == "ssg.other.Other"
    assert module.constants == (
        Field("LIMIT", value="5", text="So many."),
        Field("TABLE", "dict[str, int]"),
    )
    boat, sail, wait = module.symbols
    assert isinstance(boat, Class)
    assert boat.signature == (
        "@dataclass(frozen=True)\nclass Boat(Alias, metaclass=type)\n\n"
        "Boat(\n    name: str,\n    /,\n    crew: list[Boat],\n    *rest: int,\n"
        "    far: bool = False,\n    **more: str,\n)"
    )
    assert boat.fields == (
        Field("name", "str", text="What it is called."),
        Field("length", "float", "3.5"),
        Field("crew", "list[Boat]"),
        Field("mast", "Alias | None", text="It may be down."),
    )
    assert boat.properties == (Field("colour", "str", text="Of the hull."),)
    assert [(one.name, one.signature) for one in boat.methods] == [
        ("built", "@classmethod\ndef built(year: int) -> Boat")
    ]
    assert sail.signature == "def sail(boat: Boat) -> None"
    assert isinstance(wait, Function)
    assert wait.signature == "async def wait()"


def test_names_in_code_are_links_from_where_they_stand() -> None:
    module = read_module(SOURCE, "ssg.boats", "ssg/boats.py")
    other = read_module("class Other: ...\nclass other: ...\n", "ssg.other", "ssg/other.py")
    places = places_of([module, other])
    find = places.seen_from(module)
    here = places.by_name["ssg.boats.sail"]
    assert here == Place("api/boats/sail.md")
    assert places.by_name["ssg.other.other"] == Place("api/other/other-2.md")
    html = linked_code("def sail(a: dict[str, Alias] = {}, b: x.Boat | None = 'é<')", here, find)
    assert html == (
        '<span class="k">def</span> <span class="nf">sail</span>'
        '(a: dict&#91;str, <a href="../../other/other/">Alias</a>&#93; = &#123;&#125;, '
        'b: x.Boat &#124; <span class="k">None</span> = <span class="s">\'é&#60;\'</span>)'
    )
    assert 'href="../#LIMIT"' in linked_code("x: int = LIMIT", here, find)
    assert linked_code("sail", here, find) == "sail"


def test_a_docstring_is_taken_as_it_stands() -> None:
    module = read_module(SOURCE, "ssg.boats", "ssg/boats.py")
    places = places_of([module], frozenset({"docs/hooks.md"}))
    find = places.seen_from(module)

    def made(text: str) -> str:
        return as_markdown(text, places, find)

    assert made("A `Boat` with 2 * 3 <masts>, {{ x }}.") == (
        "A [`Boat`](@/api/boats/Boat.md) with 2 \\* 3 \\<masts\\>, \\{\\{ x \\}\\}."
    )
    assert made("See `content/docs/hooks.md`, `content/docs/none.md`, `LIMIT`.") == (
        "See [`content/docs/hooks.md`](@/docs/hooks.md), `content/docs/none.md`, "
        "[`LIMIT`](@/api/boats/_index.md#LIMIT)."
    )
    assert made("https://example.org/a_b_c") == "https://example.org/a_b_c"
    assert made("One.\n\na    b\nc    d") == "One.\n\n````text\na    b\nc    d\n````"
    assert made("- one\n- two") == "- one\n- two"


def test_every_public_name_has_a_page(all_pages: dict[str, SourcePage]) -> None:
    missing = []
    for room in ROOMS:
        for file in (ROOT / "ssg" / room).rglob("*.py"):
            folder = f"api/{file.relative_to(ROOT / 'ssg').with_suffix('').as_posix()}"
            folder = folder.removesuffix("/__init__")
            names = [
                node.name
                for node in ast.parse(file.read_text("utf-8")).body
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_"
            ]
            wanted = [f"{folder}/_index.md", *(f"{folder}/{name}" for name in names)]
            titles = {source.partition(".md")[0].removesuffix("-2") for source in all_pages}
            missing += [one for one in wanted if one.removesuffix(".md") not in titles]
    assert missing == []
    assert len(all_pages) > 500


def test_the_same_sources_give_the_same_pages(all_pages: dict[str, SourcePage]) -> None:
    assert list(pages(ROOT)) == list(all_pages.values())


def test_types_are_linked_between_symbols(all_pages: dict[str, SourcePage]) -> None:
    text = all_pages["api/runtime/respond/respond.md"].text
    assert 'renderer: <a href="../../../render/renderer/renderer/">Renderer</a>' in text
    assert '<a href="../../http/response/">Response</a>' in text
    assert "Source: `ssg/runtime/respond.py`, line" in text


def test_no_page_leads_to_one_that_is_not_there(all_pages: dict[str, SourcePage]) -> None:
    targets = {
        (page.source, target)
        for page in all_pages.values()
        for target in re.findall(r"\]\(@/(api/[^)#]+)", page.text)
    }
    assert len(targets) > 10
    assert {target for _, target in targets} <= {*all_pages}
