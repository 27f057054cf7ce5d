"""Blocks of text beside the site database."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.texts import MissingBlock, Texts, block_digest, keep, pack
from tests.conftest import Built


def test_a_text_is_a_part_of_its_block(tmp_path: Path) -> None:
    digest = keep("one äö two".encode(), tmp_path)
    assert Texts(tmp_path).read(digest, 4, 4) == "äö"
    assert Texts(tmp_path).block(digest) == "one äö two".encode()


def test_a_block_is_named_after_what_it_holds(tmp_path: Path) -> None:
    digest = keep(b"one", tmp_path)
    assert digest == block_digest(pack(b"one")) == keep(b"one", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [digest]
    assert (tmp_path / digest).read_bytes() == pack(b"one")


def test_a_block_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingBlock, match="the block 0a0b") as caught:
        Texts(tmp_path).read("0a0b", 0, 1)
    assert caught.value.digest == "0a0b"
    assert pickle.loads(pickle.dumps(caught.value)).digest == "0a0b"  # noqa: S301 our own


def test_a_block_that_is_fetched_later_is_read_then(tmp_path: Path) -> None:
    texts, digest = Texts(tmp_path), block_digest(pack(b"late"))
    with pytest.raises(MissingBlock):
        texts.read(digest, 0, 4)
    keep(b"late", tmp_path)
    assert texts.read(digest, 0, 4) == "late"


def test_no_hook_of_the_site_can_pass_over_a_block_that_is_missing(
    site: Callable[..., Built],
) -> None:
    hooks = """
    def setup(hooks):
        @hooks.filter
        def careful(page):
            try:
                return page.content
            except Exception:
                return "nothing"
    """
    files = {
        "hooks.py": "\n".join(line[4:] for line in hooks.splitlines()),
        "templates/page.html": "{{ page | careful }}",
        "content/a.md": "text",
    }
    built = site(files)
    (block,) = built.report.database.parent.joinpath("texts").iterdir()
    assert "text" in built.render("/a/")
    block.unlink()
    with pytest.raises(MissingBlock, match=block.name):
        built.render("/a/")


def test_a_build_keeps_the_blocks_of_the_one_before_it_and_no_others(
    site: Callable[..., Built],
) -> None:
    def blocks(built: Built) -> set[str]:
        return {file.name for file in built.report.database.parent.joinpath("texts").iterdir()}

    one = blocks(site({"content/a.md": "one"}))
    two = blocks(site({"content/a.md": "two"}))
    three = blocks(site({"content/a.md": "three"}))
    assert len(one) == 1
    assert one < two
    assert len(two) == 2
    assert not one & three
    assert len(three) == 2
