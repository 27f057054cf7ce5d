"""Templates compiled ahead."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.render.templates import bytecode
from ssg.render.templates.bytecode import code_of, pack, preload
from tests.damage import DAMAGES


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "_preloaded", {})
    code_of.cache_clear()


def ran(source: str, filename: str) -> object:
    names: dict[str, object] = {}
    code = code_of(source, filename)
    assert code.co_filename == filename
    exec(code, names)  # noqa: S102 its own words
    return names["x"]


def test_packed_bytecode_is_used(tmp_path: Path) -> None:
    packed = pack([("x = 1", "templates/a.html"), ("x = 2", "templates/b.html")])
    (tmp_path / "templates.bin").write_bytes(packed)
    preload(tmp_path / "templates.bin")
    assert len(bytecode._preloaded) == 2
    assert ran("x = 2", "templates/b.html") == 2


def test_other_templates_are_compiled(tmp_path: Path) -> None:
    (tmp_path / "templates.bin").write_bytes(pack([("x = 1", "templates/a.html")]))
    preload(tmp_path / "templates.bin")
    assert ran("x = 3", "templates/a.html") == 3
    assert ran("x = 1", "templates/c.html") == 1


def test_bytecode_of_another_python_is_ignored(tmp_path: Path) -> None:
    packed = pack([("x = 1", "a")]).removeprefix(importlib.util.MAGIC_NUMBER)
    (tmp_path / "templates.bin").write_bytes(b"\0\0\0\0" + packed)
    preload(tmp_path / "templates.bin")
    preload(tmp_path / "nothing.bin")
    assert bytecode._preloaded == {}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_bytecode_is_ignored(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    (tmp_path / "templates.bin").write_bytes(pack([("x = 1", "a"), ("x = 2", "b")]))
    damage(tmp_path / "templates.bin")
    preload(tmp_path / "templates.bin")
    assert bytecode._preloaded == {}


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    whole = pack([("x = 1", "a")])
    for place in range(len(whole)):
        spoiled = bytes([*whole[:place], whole[place] ^ 1, *whole[place + 1 :]])
        (tmp_path / "templates.bin").write_bytes(spoiled)
        preload(tmp_path / "templates.bin")
        assert bytecode._preloaded == {}


def test_code_is_compiled_once() -> None:
    assert code_of("x = 1", "a") is code_of("x = 1", "a")
    assert code_of("x = 1", "b").co_filename == "b"
