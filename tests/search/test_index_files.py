"""Batches -> files."""

from __future__ import annotations

import json
import random
from functools import cache
from statistics import median
from typing import Any

import pytest

from ssg.search import index_files
from ssg.search.batch import Batch, IndexedPage, make_batch
from ssg.search.index_files import make_index_files
from tests.search.texts import zipf_texts


def batch(*texts: str, title: str = "") -> Batch:
    return make_batch([(IndexedPage(f"/{text}/", title, "", ""), text) for text in texts])


def index(*batches: Batch) -> dict[str, Any]:
    return {name: json.loads(data) for name, data in make_index_files("en", batches)}


def named(found: dict[str, Any], names: str) -> list[Any]:
    """The files of a list of names of the table of contents."""
    return [found[f"search/en.parts/{names[at : at + 8]}.json"] for at in range(0, len(names), 8)]


def shards(found: dict[str, Any]) -> list[dict[str, Any]]:
    return named(found, found["search/en.json"]["shards"])


def test_the_table_of_contents_names_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "CARDS", 2)
    found = index(batch("b a", "c", "d"), batch("e"))
    contents = found["search/en.json"]
    assert (contents["pages"], contents["words"]) == (4, ["a"])
    first, second = (named(found, names) for names in contents["batches"])
    assert [[card[0] for card in cards] for cards in first] == [["/b a/", "/c/"], ["/d/"]]
    assert second == [[["/e/", "", "e", ""]]]
    assert len(shards(found)) == 1
    assert len(found) == 1 + 3 + 1


def test_a_word_of_several_batches_has_its_pages_of_each() -> None:
    one, two = batch("boat"), batch("x", "boat")
    (shard,) = shards(index(one, two))
    assert shard["boat"] == [0, one.words["boat"], 1, two.words["boat"]]


def test_words_are_in_order_from_file_to_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "MOST_SHARD_LETTERS", 20)
    monkeypatch.setattr(index_files, "SHARD_LETTERS", 10)
    found = index(batch("zebra apple mango 2024 élan \U00020000\U00020001 \uac00"))
    files = shards(found)
    assert len(files) > 2
    assert [next(iter(shard)) for shard in files] == found["search/en.json"]["words"]
    words = [word for shard in files for word in shard]
    assert words == sorted(words, key=lambda word: word.encode("utf-16-be"))
    assert {"2024", "elan", "\U00020000\U00020001", "\uac00"} <= set(words)


def test_a_common_word_keeps_the_pages_that_it_is_the_title_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_files, "COMMON", 3)
    (shard,) = shards(index(batch("the a", "the", "the"), batch("x", title="The"), batch("y")))
    assert shard["the"] == {"titles": [1, batch("x", title="The").words["the"]]}
    assert isinstance(shard["a"], list)


def test_a_language_without_pages_has_an_index() -> None:
    assert index() == {
        "search/en.json": {
            "pages": 0, "batches": [], "cards": index_files.CARDS, "words": [], "shards": "",
        }
    }  # fmt: skip


def test_files_that_differ_have_different_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "_NAME_BYTES", 1)
    monkeypatch.setattr(index_files, "CARDS", 1)
    found = dict(make_index_files("en", [batch(*map(str, range(20)))]))
    assert len(found) == 1 + 20 + 1


# -- edits ---------------------------------------------------------------------------------------


@cache
def texts_of_batches() -> list[list[str]]:
    texts = zipf_texts(500)
    return [texts[start : start + 100] for start in range(0, 500, 100)]


@cache
def batches() -> list[Batch]:
    return [batch(*texts) for texts in texts_of_batches()]


def files_with(number: int, changed: Batch) -> dict[str, bytes]:
    """The files of the site if one batch is another."""
    known = batches()
    return dict(make_index_files("en", [*known[:number], changed, *known[number + 1 :]]))


def test_one_changed_word_changes_a_handful_of_files() -> None:
    """The table of contents, the files of the old and the new word, sometimes what results show.

    Seldom the new length of the text changes the levels of its words, or a file ends elsewhere.
    """
    chance = random.Random(3)  # noqa: S311 the same edits each time
    before = files_with(0, batches()[0])
    counts = []
    for edit in range(12):
        number, page = chance.randrange(5), chance.randrange(100)
        site = texts_of_batches()[number]
        words = site[page].split()
        words[chance.randrange(len(words))] = f"{chance.choice('akz')}xylo{edit}"
        texts = [*site[:page], " ".join(words), *site[page + 1 :]]
        after = files_with(number, batch(*texts))
        counts.append(sum(before.get(name) != data for name, data in after.items()))
    assert len(before) > 50
    assert max(counts) <= 6
    assert median(counts) <= 4


def test_a_new_page_leaves_the_results_of_other_batches() -> None:
    before, after = files_with(1, batches()[1]), files_with(1, batch("new", *texts_of_batches()[1]))
    old, new = (json.loads(files["search/en.json"])["batches"] for files in (before, after))
    assert [one == other for one, other in zip(old, new, strict=True)] == [True, False] + [True] * 3
