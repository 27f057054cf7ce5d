"""Blocks of texts that earlier builds left."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.content.reading import intact_blocks as module
from ssg.content.reading.intact_blocks import intact_blocks
from ssg.model.texts import keep
from tests.conftest import Built
from tests.damage import DAMAGES

LONG_AGO = 10**18


def test_a_damaged_block_is_made_anew(site: Callable[..., Built], tmp_path: Path) -> None:
    site({"content/a.md": "A text.", "content/b.md": "Another."})
    for damage in DAMAGES:
        (block,) = (tmp_path / ".ssg/texts").iterdir()
        damage(block)
        built = site({"templates/page.html": "{{ page.content }}" + f"<!-- {damage.__name__} -->"})
        assert built.read("a/index.html").startswith("<p>A text.</p>")
        assert built.render("/b/").startswith("<p>Another.</p>")


def test_a_block_is_read_for_its_digest_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    check = module.read_intact
    monkeypatch.setattr(module, "read_intact", lambda file: (read.append(file), check(file))[1])
    names = {keep(b"one", tmp_path), keep(b"two", tmp_path)}
    later = time.time_ns() + LONG_AGO
    first = intact_blocks(tmp_path, {}, later)
    assert (first.keys(), len(read)) == (names, 2)
    assert (intact_blocks(tmp_path, first, later), len(read)) == (first, 2)
    (tmp_path / min(names)).write_bytes(b"other")
    assert intact_blocks(tmp_path, first, later).keys() == {max(names)}
    assert len(read) == 3


def test_a_block_that_may_still_change_is_read_again(tmp_path: Path) -> None:
    name = keep(b"one", tmp_path)
    first = intact_blocks(tmp_path, {}, time.time_ns())
    assert first.keys() == {name}
    stat = (tmp_path / name).stat()
    (tmp_path / name).write_bytes(b"x" * stat.st_size)
    os.utime(tmp_path / name, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    assert intact_blocks(tmp_path, first, time.time_ns()) == {}
