"""The script of the default theme that asks the index, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssg.search.batch import IndexedPage, make_batch
from ssg.search.index_files import make_index_files
from ssg.search.words import words
from tests.search.texts import vocabulary, zipf_texts

pytestmark = pytest.mark.node

SCRIPT = Path(__file__).parents[2] / "themes/default/static/search-index.js"
MOST_BYTES = 100_000
"""Of a first query, compressed."""

Node = Callable[[object], Any]
Page = tuple[str, str]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Runs the script; a suffix tells Node that it is a module."""
    module = tmp_path_factory.mktemp("search") / "search-index.mjs"
    shutil.copyfile(SCRIPT, module)
    command = ["node", str(Path(__file__).with_name("ask.mjs")), str(module)]

    def ask(orders: object) -> Any:
        done = subprocess.run(
            command, input=json.dumps(orders), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def search(node: Node, pages: Sequence[Page], *asked: str, size: int = 3) -> list[Any]:
    """What questions find among pages of a title and a text, `size` of them in a batch."""
    known = [(IndexedPage(f"/{n}/", title, "", ""), text) for n, (title, text) in enumerate(pages)]
    batches = (make_batch(known[start : start + size]) for start in range(0, len(known), size))
    files = {name: data.decode() for name, data in make_index_files("en", batches)}
    found: list[Any] = node({"files": files, "asked": asked})
    return found


# -- words ---------------------------------------------------------------------------------------

_LETTERS = st.characters(codec="utf-8").filter(lambda sign: unicodedata.category(sign) != "Cn")
_SCRIPTS = st.sampled_from(
    "aZé ßŒøİıςΣΟ ёЖ ٱأإىةکی َّـ שָׁ־ हिन्दी। 港口町ガが゛ーｶﾞ ภาษา 한국 ﬁ²½ _-’“…🎉"
    "\u200b\u200d\xad\u0301"
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(_LETTERS | _SCRIPTS), min_size=20, max_size=60))
def test_both_sides_know_the_same_words(node: Node, texts: list[str]) -> None:
    assert node({"texts": texts}) == [words(text) for text in texts]


def test_both_sides_know_every_character(node: Node) -> None:
    signs = [
        f"a{chr(code)}b {chr(code)}{chr(code)}"
        for code in range(0x2FFFF)
        if unicodedata.category(chr(code)) not in {"Cn", "Cs"}
    ]
    theirs = node({"texts": signs})
    ours = [words(sign) for sign in signs]
    differ = {sign for sign, one, other in zip(signs, ours, theirs, strict=True) if one != other}
    assert differ == set()


# -- questions -----------------------------------------------------------------------------------


def test_the_title_comes_before_the_text(node: Node) -> None:
    pages = [("One", "A boat and a boat."), ("About boats", "x"), ("Boat", "y"), ("Two", "boat")]
    (found,) = search(node, pages, "boat")
    assert found["total"] == 4
    assert found["titles"][:3] == ["Boat", "About boats", "One"]


def test_the_beginning_of_a_word_finds_it(node: Node) -> None:
    pages = [("One", "harbour"), ("Two", "harbourmaster"), ("Three", "hare")]
    whole, part, letter = search(node, pages, "harbour", "harb", "h")
    assert whole["titles"] == ["One", "Two"]
    assert set(part["titles"]) == {"One", "Two"}
    assert letter["total"] == 0


def test_pages_with_all_words_hide_those_with_some(node: Node) -> None:
    pages = [("One", "red boat"), ("Two", "red"), ("Three", "boat"), ("Four", "x")]
    both, one, none = search(node, pages, "boat red", "red nothing-like-it", "zzz")
    assert both["titles"] == ["One"]
    assert set(one["titles"]) == {"One", "Two"}
    assert (none["total"], none["titles"]) == (0, [])


def test_accents_and_capitals_do_not_matter(node: Node) -> None:
    pages = [("One", "Ein Café an der Straße"), ("Two", "العَرَبِيَّة"), ("Three", "港口町の船")]
    asked = ("CAFE", "café", "strasse", "Straße", "العربية", "港口", "町", "口町")
    titles = [found["titles"] for found in search(node, pages, *asked)]
    assert titles == [["One"]] * 4 + [["Two"]] + [["Three"]] * 3


def test_a_question_may_hold_anything(node: Node) -> None:
    asked = ("", "…", "constructor", "__proto__", "toString", "a" * 1000, "\ud800")
    pages = [("One", "constructor")]
    found = search(node, pages, *asked)
    assert [one["total"] for one in found] == [0, 0, 1, 0, 0, 0, 0]


def test_common_words_need_not_be_there(node: Node) -> None:
    pages = [("Page", "the a")] * 1100 + [("Boat", "boat"), ("The the", "x")]
    found, alone = search(node, pages, "the boat", "the", size=500)
    assert found["titles"] == ["Boat"]
    assert alone["titles"] == ["The the"]


def test_a_result_is_what_the_page_says(node: Node) -> None:
    (found,) = search(node, [("A “boat”", "The *text*.")], "boat")
    expected = {"url": "/0/", "title": "A “boat”", "text": "The text.", "section": ""}
    assert found["results"] == [expected]


# -- deploys -------------------------------------------------------------------------------------


def files_of(*texts: str) -> dict[str, str]:
    """The files of an index."""
    pages = [(IndexedPage(f"/{n}/", f"{n}", "", ""), text) for n, text in enumerate(texts)]
    return {name: data.decode() for name, data in make_index_files("en", [make_batch(pages)])}


def test_an_open_page_finds_what_a_deploy_brings(node: Node) -> None:
    """The files of the old deploy are gone."""
    old, new = files_of("boat", "crane"), files_of("boat", "crane", "zephyr")
    opened, found = node({"files": old, "later": new, "asked": [""], "again": ["zephyr"]})
    assert (opened["titles"], found["titles"]) == ([], ["2"])
    contents = "https://example.org/search/en.json"
    assert [cache for url, cache in found["read"] if url == contents] == ["no-cache"]
    assert {cache for url, cache in found["read"] if url != contents} == {"default"}


def test_an_open_page_reads_its_own_files_while_they_are_there(node: Node) -> None:
    old, new = files_of("boat"), files_of("crane", "boat")
    both = {**new, **old}
    order = {"files": old, "later": both, "asked": ["boat"], "again": ["boat"]}
    first, second = node(order)
    assert first["results"] == second["results"]
    assert second["read"] == []


_WORDS = st.text("abcdeé港口", min_size=1, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(st.lists(_WORDS, max_size=8).map(" ".join), min_size=1, max_size=12),
    size=st.integers(1, 5),
)
def test_every_page_is_found_by_a_rare_word_of_it(node: Node, texts: list[str], size: int) -> None:
    rare = [f"zq{number}x" for number in range(len(texts))]
    pages = [
        (f"{n}", f"{text} {word}") for n, (text, word) in enumerate(zip(texts, rare, strict=True))
    ]
    found = search(node, pages, *rare, size=size)
    assert [one["titles"] for one in found] == [[f"{n}"] for n in range(len(texts))]


# -- what it costs -------------------------------------------------------------------------------


def test_a_first_query_among_ten_thousand_pages_is_small(node: Node) -> None:
    known = vocabulary()
    pages = [(" ".join(text.split()[:6]), text) for text in zipf_texts(10_000)]
    asked = ["har", "ba", "co", known[5], known[200], known[-1], f"{known[0]} {known[300]}"]
    asked += [f"{known[100]} {known[1000]} {known[10_000]}"]
    for found in search(node, pages, *asked, size=256):
        assert 0 < found["bytes"] < MOST_BYTES
        assert found["total"]
