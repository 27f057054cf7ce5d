"""Facts of files are those of their contents, and a file that is unchanged is not read."""

from __future__ import annotations

import hashlib
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.fingerprint import file_facts, files
from ssg.fingerprint.file_facts import FileFacts, FileFactsCache, Inspection
from tests.examples import examples

LONG_AGO = time.time() - 3600


@pytest.fixture(autouse=True)
def _tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an inode cannot be set, so the tick ends at once."""
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)


def _facts(cache: Path, *places: Path) -> tuple[dict[str, str], int]:
    """The digests of files by their names, and how many files were read for them."""
    known = FileFactsCache(cache)
    found = known.facts([str(place) for place in places])
    known.close()
    said = {
        Path(place).name: one.sha384 if isinstance(one, FileFacts) else one
        for place, one in found.items()
    }
    return said, known.read


def _sha384(data: bytes) -> str:
    return hashlib.sha384(data).hexdigest()


def test_an_unchanged_file_is_not_read(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    two.write_bytes(b"2" * 1_000_000)
    expected = {"one": _sha384(b"1"), "two": _sha384(b"2" * 1_000_000)}
    assert _facts(tmp_path / "cache", one, two) == (expected, 2)
    assert _facts(tmp_path / "cache", one, two) == (expected, 0)
    one.write_bytes(b"3")
    assert _facts(tmp_path / "cache", one, two) == ({**expected, "one": _sha384(b"3")}, 1)


@pytest.mark.parametrize("how", ["replace", "write"])
def test_the_same_size_and_time_of_change_do_not_deceive(tmp_path: Path, how: str) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"1")
    os.utime(file, (LONG_AGO, LONG_AGO))
    _facts(tmp_path / "cache", file)
    if how == "replace":
        (tmp_path / "new").write_bytes(b"2")
        (tmp_path / "new").replace(file)
    else:
        file.write_bytes(b"2")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert _facts(tmp_path / "cache", file) == ({"one": _sha384(b"2")}, 1)


def test_a_file_that_changed_just_now_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 2 * 10**9)
    file = tmp_path / "one"
    file.write_bytes(b"1")
    assert _facts(tmp_path / "cache", file)[1] == 1
    assert _facts(tmp_path / "cache", file)[1] == 1


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing, folder = tmp_path / "missing", tmp_path / "folder"
    folder.mkdir()
    said, _ = _facts(tmp_path / "cache", missing, folder)
    assert said == {"missing": "No such file or directory", "folder": "Is a directory"}


@pytest.mark.parametrize("damage", [b"", b"abc", b"abcdefgh" * 9, None])
def test_a_damaged_cache_costs_reading(tmp_path: Path, damage: bytes | None) -> None:
    file, cache = tmp_path / "one", tmp_path / "cache"
    file.write_bytes(b"1")
    expected, _ = _facts(cache, file)
    data = bytearray(cache.read_bytes())
    data[len(data) // 2] ^= 1
    cache.write_bytes(data if damage is None else damage)
    assert _facts(cache, file) == (expected, 1)
    assert _facts(cache, file) == (expected, 0)


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    file, cache = tmp_path / "one", tmp_path / "nowhere" / "cache"
    file.write_bytes(b"1")
    assert _facts(cache, file) == ({"one": _sha384(b"1")}, 1)
    assert not cache.parent.exists()
    (tmp_path / "taken").mkdir()
    assert _facts(tmp_path / "taken", file) == ({"one": _sha384(b"1")}, 1)
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".new")] == []


def _length(place: str) -> tuple[int]:
    return (Path(place).stat().st_size,)


def _inspected(cache: Path, places: list[str], key: str) -> tuple[list[tuple[int, ...]], int]:
    """What an inspection of all files but the last one found, and how many files were read."""
    known = FileFactsCache(cache)
    inspection = Inspection(frozenset(places[:-1]), _length, key)
    found = known.facts(places, inspection=inspection)
    known.close()
    return [one.found for place in places if isinstance(one := found[place], FileFacts)], known.read


def test_an_inspection_is_kept_while_file_and_key_are_the_same(tmp_path: Path) -> None:
    places = [str(tmp_path / name) for name in ("a", "b", "c")]
    for number, place in enumerate(places):
        Path(place).write_bytes(b"x" * number)
    cache = tmp_path / "cache"
    assert _facts(cache, *map(Path, places))[1] == 3
    assert _inspected(cache, places, "k") == ([(0,), (1,), ()], 2)
    assert _inspected(cache, places, "k") == ([(0,), (1,), ()], 0)
    assert _inspected(cache, places, "other") == ([(0,), (1,), ()], 2)
    assert _facts(cache, *map(Path, places))[1] == 0
    Path(places[0]).write_bytes(b"long")
    assert _inspected(cache, places, "other") == ([(4,), (1,), ()], 1)


def test_files_that_nobody_asks_for_are_forgotten(tmp_path: Path) -> None:
    places = [tmp_path / str(number) for number in range(10)]
    for place in places:
        place.write_bytes(place.name.encode())
    cache = tmp_path / "cache"
    _facts(cache, *places)
    _facts(cache, *places[:6])
    assert _facts(cache, *places)[1] == 0
    _facts(cache, *places[:2])
    assert _facts(cache, *places)[1] == 8


def test_other_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_facts, "_BATCH_FILES", 3)
    places = [tmp_path / f"{number:02}" for number in range(20)]
    for place in places[1:]:
        place.write_bytes(place.name.encode())
    asked = [str(place) for place in places]
    with ProcessPoolExecutor(2) as pool:
        assert FileFactsCache().facts(asked, pool.map) == FileFactsCache().facts(asked)


names = st.sampled_from(["a", "b", "c"])
edits = st.one_of(
    st.tuples(st.just("write"), names, st.sampled_from([b"1", b"2", b"long" * 99])),
    st.tuples(st.just("touch"), names, st.sampled_from([b"", b"1"])),
    st.tuples(st.just("move"), names, st.just(b"")),
    st.tuples(st.just("link"), names, st.just(b"")),
    st.tuples(st.just("remove"), names, st.just(b"")),
    st.tuples(st.just("damage"), names, st.just(b"")),
)


def _edit(folder: Path, kind: str, name: str, data: bytes) -> None:
    file, other = folder / name, folder / "b"
    if kind == "write":
        file.write_bytes(data)
    elif kind == "remove":
        file.unlink(missing_ok=True)
    elif kind == "damage" and (folder / "cache").exists():
        (folder / "cache").write_bytes((folder / "cache").read_bytes()[:-3])
    elif file.exists() and file != other:
        if kind == "touch":
            os.utime(file, (LONG_AGO, LONG_AGO + len(data)))
        elif kind == "move":
            file.replace(other)
        elif kind == "link":
            other.unlink(missing_ok=True)
            other.symlink_to(file)


@pytest.mark.parametrize("tick", [0, files.COARSE_TICK_NANOSECONDS])
def test_what_is_known_is_what_is_there(monkeypatch: pytest.MonkeyPatch, tick: int) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", tick)

    @settings(max_examples=examples(50), deadline=None)
    @given(st.lists(st.lists(edits, max_size=3), min_size=1, max_size=5))
    def check(rounds: list[list[tuple[str, str, bytes]]]) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            for changes in rounds:
                for change in changes:
                    _edit(folder, *change)
                if not tick:
                    time.sleep(0.01)  # the tick of the file system
                places = [str(folder / one) for one in ("a", "b", "c")]
                known = FileFactsCache(folder / "cache")
                assert known.facts(places) == FileFactsCache().facts(places)
                known.close()

    check()
