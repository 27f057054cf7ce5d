"""Batches -> files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ssg.search import index_files
from ssg.search.batch import Batch, IndexedPage, make_batch
from ssg.search.index_files import make_index_files


def batch(*texts: str, title: str = "") -> Batch:
    return make_batch([(IndexedPage(f"/{text}/", title, "", ""), text) for text in texts])


def index(*batches: Batch) -> dict[str, Any]:
    return {name: json.loads(data) for name, data in make_index_files("en", batches)}


def test_the_first_file_tells_what_there_is() -> None:
    found = index(batch("b a", "c"), batch("d"))
    about = found["search/en.json"]
    assert about["pages"] == 3
    assert about["batches"] == [0, 2]
    assert about["words"] == ["a"]
    folder = "search/" + about["folder"]
    assert set(found) == {"search/en.json", f"{folder}w0.json", f"{folder}p0.json"}
    assert found[f"{folder}p0.json"][2] == ["/d/", "", "d", ""]


def test_a_word_of_several_batches_has_its_pages_of_each() -> None:
    one, two = batch("boat"), batch("x", "boat")
    found = index(one, two)
    shard = found["search/" + found["search/en.json"]["folder"] + "w0.json"]
    assert shard["boat"] == [0, one.words["boat"], 1, two.words["boat"]]


def test_words_are_in_order_from_file_to_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_files, "SHARD_LETTERS", 20)
    found = index(batch("zebra apple mango 2024 élan \U00020000\U00020001 \uac00"))
    about = found["search/en.json"]
    shards = [found[f"search/{about['folder']}w{n}.json"] for n in range(len(about["words"]))]
    assert len(shards) > 2
    assert [next(iter(shard)) for shard in shards] == about["words"]
    words = [word for shard in shards for word in shard]
    assert words == sorted(words, key=lambda word: word.encode("utf-16-be"))
    assert {"2024", "elan", "\U00020000\U00020001", "\uac00"} <= set(words)


def test_a_common_word_keeps_the_pages_that_it_is_the_title_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_files, "COMMON", 3)
    found = index(batch("the a", "the", "the"), batch("x", title="The"), batch("y"))
    shard = found["search/" + found["search/en.json"]["folder"] + "w0.json"]
    assert shard["the"] == {"pages": 4, "titles": [1, batch("x", title="The").words["the"]]}
    assert isinstance(shard["a"], list)


def test_the_folder_is_named_after_what_is_in_it() -> None:
    first, again, other = (
        index(batch(text))["search/en.json"]["folder"] for text in ("a", "a", "b")
    )
    assert first == again != other


def test_a_language_without_pages_has_an_index() -> None:
    assert index()["search/en.json"] | {"folder": ""} == {
        "folder": "", "pages": 0, "batches": [], "cards": index_files.CARDS, "words": [],
    }  # fmt: skip
