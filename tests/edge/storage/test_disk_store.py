"""The cache on disk: what it keeps, what it forgets, and what it never trusts."""

from __future__ import annotations

import pickle
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import diskcache
import pytest

from ssg.edge.policy import CacheEntry, etag_of
from ssg.edge.purge_index import NOWHERE
from ssg.edge.storage.disk_cache import DiskCache, ForeignRowError, dump_entry, load_entry
from ssg.edge.storage.disk_store import (
    DEFAULT_SIZES,
    VARIANTS_FOLDER,
    CacheSizes,
    DiskNamespace,
    DiskStore,
)
from ssg.edge.storage.memory_cache import MemoryCache
from ssg.runtime.caching import Caching

NO_MEMORY = CacheSizes(memory=0)


def entry(body: bytes = b"body", status: int = 200, ttl: int | None = 60) -> CacheEntry:
    return CacheEntry(
        status, {"content-type": "text/html"}, body, 12.5, Caching(ttl, 9, ("site",)), etag_of(body)
    )


def put(
    namespace: DiskNamespace, path: str, stored: CacheEntry, previous: CacheEntry | None
) -> None:
    """Store an entry whose content is read now."""
    read_at = namespace.position()
    assert read_at is not None
    namespace.put(path, replace(stored, read_at=read_at), previous)


def get(namespace: DiskNamespace, path: str) -> CacheEntry | None:
    """The entry of a path, whenever it was read."""
    found = namespace.get(path)
    return replace(found, read_at=NOWHERE) if found else None


def cache_folder(root: Path, name: str = "pages") -> Path:
    """The folder of the disk cache of this name in a cache folder."""
    (found,) = root.glob(f"*/{name}")
    return found


class Bomb:
    """Unpickling this touches a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.target,))


@pytest.mark.parametrize("ttl", [None, 60])
def test_rule_06_an_entry_keeps_its_expiry(tmp_path: Path, ttl: int | None) -> None:
    stored = entry(b"\x00\xff</body>", ttl=ttl)
    store = DiskStore(tmp_path, print, NO_MEMORY)
    put(store.open("b"), "/a/", stored, None)
    assert get(store.open("b"), "/a/") == stored


def test_what_is_read_back_is_what_was_written_or_an_error() -> None:
    encoded = replace(entry(), encoded={"br": b"short", "gzip": b""})
    assert load_entry(dump_entry(encoded)) == encoded
    data = dump_entry(entry())
    assert load_entry(data) == entry()
    for broken in (b"", data[:3], data[:20], b"\xff" * 40, b"\x00\x00\x00\x02[]", b"\0\0\0\2{}"):
        with pytest.raises(ForeignRowError):
            load_entry(broken)


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ("mode, value", "4, :pickle"),  # MODE_PICKLE in the row
        ("mode, filename, value", "4, 'bomb.val', NULL"),  # MODE_PICKLE in a file
        ("mode, filename, value", "2, '../../secret', NULL"),  # MODE_BINARY: any file
        ("mode, filename, value", "3, '/etc/hostname', NULL"),  # MODE_TEXT: any file
    ],
)
def test_a_planted_row_is_never_loaded(tmp_path: Path, columns: str, values: str) -> None:
    said: list[str] = []
    put(DiskStore(tmp_path / "cache", said.append).open("b"), "/a/", entry(), None)
    folder = cache_folder(tmp_path / "cache")
    (tmp_path / "cache" / "secret").write_text("secret")
    payload = pickle.dumps(Bomb(tmp_path / "exploded"))
    (folder / "bomb.val").write_bytes(payload)
    with closing(sqlite3.connect(folder / "cache.db")) as database, database:
        database.execute(
            f"UPDATE Cache SET ({columns}) = ({values})",  # noqa: S608 - a test's own constants
            {"pickle": payload} if ":pickle" in values else {},
        )
    namespace = DiskStore(tmp_path / "cache", said.append).open("b")
    assert get(namespace, "/a/") is None
    assert not (tmp_path / "exploded").exists()
    assert "it is emptied" in said[-1]
    put(namespace, "/a/", entry(), None)
    assert get(DiskStore(tmp_path / "cache", said.append).open("b"), "/a/") == entry()


def test_the_planted_pickle_would_explode_in_an_ordinary_diskcache(tmp_path: Path) -> None:
    with diskcache.Cache(str(tmp_path / "plain")) as cache:
        cache["/a/"] = Bomb(tmp_path / "exploded")
        cache["/a/"]
    assert (tmp_path / "exploded").exists()


def test_a_planted_file_name_deletes_nothing(tmp_path: Path) -> None:
    put(DiskStore(tmp_path / "cache", print).open("b"), "/a/", entry(), None)
    folder = cache_folder(tmp_path / "cache")
    victim = tmp_path / "victim"
    victim.write_text("kept")
    with closing(sqlite3.connect(folder / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET filename = ?", (str(victim),))
    namespace = DiskStore(tmp_path / "cache", print).open("b")
    put(namespace, "/a/", entry(b"new"), None)
    assert victim.read_text() == "kept"


def test_a_planted_pickled_key_is_never_loaded(tmp_path: Path) -> None:
    disk_cache = DiskCache(tmp_path / "disk_cache", 1_000_000, print)
    disk_cache.put("/a/", entry())
    with closing(sqlite3.connect(tmp_path / "disk_cache" / "cache.db")) as database, database:
        payload = pickle.dumps(Bomb(tmp_path / "exploded"))
        database.execute("UPDATE Cache SET key = ?, raw = 0", (payload,))
    cache = disk_cache._cache
    assert cache is not None
    with pytest.raises(ForeignRowError):
        list(cache)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("damage", [b"this is not SQLite" * 300, b""])
def test_a_corrupt_file_is_an_empty_cache_and_is_said(tmp_path: Path, damage: bytes) -> None:
    said: list[str] = []
    put(DiskStore(tmp_path, said.append).open("b"), "/a/", entry(), None)
    folder = cache_folder(tmp_path)
    for file in folder.iterdir():
        file.unlink()
    (folder / "cache.db").write_bytes(damage)
    namespace = DiskStore(tmp_path, said.append).open("b")
    assert get(namespace, "/a/") is None
    assert bool(said) == bool(damage)  # an empty file is a new database
    put(namespace, "/a/", entry(), None)
    assert get(DiskStore(tmp_path, said.append).open("b"), "/a/") == entry()


def test_damage_while_serving_empties_the_cache_and_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    namespace = DiskStore(tmp_path, said.append, NO_MEMORY).open("b")
    for number in range(200):
        put(namespace, f"/{number}/", entry(b"x" * 5000), None)
    database = cache_folder(tmp_path) / "cache.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.write(b"\xff" * database.stat().st_size)
    answers = [get(namespace, f"/{number}/") for number in range(200)]
    assert None in answers
    assert any("it is emptied" in line for line in said)
    put(namespace, "/new/", entry(), None)
    assert get(namespace, "/new/") == entry()


def test_a_folder_that_cannot_be_written_leaves_the_memory(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "file").write_text("not a folder")
    namespace = DiskStore(tmp_path / "file", said.append).open("b")
    put(namespace, "/a/", entry(), None)
    assert get(namespace, "/a/") == entry()
    assert namespace.page_count() == 0
    assert "cannot be opened" in said[0]


def test_rule_09_builds_do_not_see_each_other(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, print)
    put(store.open("one"), "/a/", entry(b"one"), None)
    put(store.open("../two"), "/a/", entry(b"two"), None)
    assert get(store.open("one"), "/a/") == entry(b"one")
    assert get(store.open("../two"), "/a/") == entry(b"two")
    assert get(store.open("three"), "/a/") is None
    assert {path.parent for path in tmp_path.iterdir()} == {tmp_path}


def test_rule_09_old_builds_are_pruned_and_the_latest_stay(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, print)
    for build_id in ("a", "b", "c", "d"):
        put(store.open(build_id), "/", entry(build_id.encode()), None)
        time.sleep(0.02)
    store.open("a")  # a roll-back counts as use
    (tmp_path / VARIANTS_FOLDER).mkdir()  # of pictures, for all builds
    store.prune(keep=2)
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / VARIANTS_FOLDER).is_dir()
    assert get(store.open("a"), "/") == entry(b"a")
    assert get(store.open("d"), "/") == entry(b"d")
    assert get(store.open("b"), "/") is None


def test_pages_are_bounded_in_bytes_and_the_oldest_leave(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, print, CacheSizes(pages=1_000_000, memory=0))
    namespace = store.open("b")
    for number in range(200):
        put(namespace, f"/{number}/", entry(b"x" * 20_000), None)
    size = (cache_folder(tmp_path) / "cache.db").stat().st_size
    assert size < 1_500_000
    assert get(namespace, "/0/") is None
    assert get(namespace, "/199/") is not None


def test_missing_pages_are_bounded_and_never_evict_good_ones(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, print, CacheSizes(pages=1_000_000, missing=300_000))
    namespace = store.open("b")
    good = [f"/good/{number}/" for number in range(20)]
    for path in good:
        put(namespace, path, entry(b"x" * 10_000), None)
    for number in range(300):
        put(namespace, f"/no/{number}/", entry(b"x" * 5_000, status=404), None)
    assert all(get(store.open("b"), path) for path in good)
    assert (cache_folder(tmp_path, "missing") / "cache.db").stat().st_size < 500_000
    assert namespace.page_count() == len(good)


def test_a_page_that_goes_and_comes_back_is_in_one_disk_cache(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, print)
    namespace = store.open("b")
    here, gone = entry(), entry(b"gone", status=404)
    put(namespace, "/a/", here, None)
    put(namespace, "/a/", gone, here)
    assert get(namespace, "/a/") == get(store.open("b"), "/a/") == gone
    assert namespace.page_count() == 0
    put(namespace, "/a/", here, gone)
    assert get(namespace, "/a/") == get(store.open("b"), "/a/") == here
    assert namespace.page_count() == 1


def test_the_front_is_bounded_in_bytes_and_keeps_what_is_used() -> None:
    memory = MemoryCache(limit_bytes=10_000)
    for number in range(50):
        memory.put(f"/{number}/", entry(b"x" * 1000))
        memory.put("/", entry())
    assert memory.get("/") == entry()
    assert memory.get("/49/") is not None
    assert memory.get("/0/") is None
    memory.put("/", entry(status=404))
    assert memory.get("/") is None  # a 404 takes no place from a page
    memory.put("/large/", entry(b"x" * 20_000))
    assert memory.get("/large/") is None


@pytest.mark.parametrize("sizes", [DEFAULT_SIZES, NO_MEMORY], ids=["memory", "disk"])
def test_a_hit_is_cheap(tmp_path: Path, sizes: CacheSizes) -> None:
    namespace: DiskNamespace = DiskStore(tmp_path, print, sizes).open("b")
    for number in range(100):
        put(namespace, f"/{number}/", entry(b"x" * 20_000), None)
    took = []
    for number in range(100):
        started = time.perf_counter()
        assert get(namespace, f"/{number}/") is not None
        took.append(time.perf_counter() - started)
    assert sorted(took)[50] < 0.0003


def test_a_purge_is_seen_by_a_process_that_remembers(tmp_path: Path) -> None:
    here, there = (DiskStore(tmp_path, print).open("b") for _ in range(2))
    tagged = replace(entry(), caching=Caching(tags=("page:a",)))
    for path, stored in (("/a/", tagged), ("/b/", entry()), ("/c/", entry(status=404))):
        put(here, path, stored, None)
        assert get(there, path) == stored
    assert here.purge_tags(["page:a"]) == 1
    assert get(there, "/a/") is None
    assert get(there, "/b/") == entry()
    assert here.purge(["/c/"]) == 1
    assert get(there, "/c/") is None
    assert here.clear() == 1
    assert get(there, "/b/") is None
    assert (here.paths(), list(there.entry_infos())) == ([], [])


def test_what_a_purge_leaves_on_disk_is_not_served_and_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = DiskStore(tmp_path, print).open("b")
    put(namespace, "/a/", entry(), None)
    monkeypatch.setattr(DiskCache, "delete", lambda *_: None)  # the disk is busy
    namespace.purge_tags(["site"])
    later = DiskStore(tmp_path, print).open("b")
    assert later.paths() == ["/a/"]
    assert get(later, "/a/") is None
    assert list(later.entry_infos()) == []
    put(later, "/a/", entry(b"new"), None)
    assert get(later, "/a/") == entry(b"new")


def test_a_folder_of_an_earlier_format_is_not_read(tmp_path: Path) -> None:
    said: list[str] = []
    store = DiskStore(tmp_path, said.append)
    put(store.open("b"), "/a/", entry(), None)
    folder = cache_folder(tmp_path).parent
    name = folder.name.partition("-")[2]
    folder.rename(tmp_path / f"2-{name}")  # entries without encodings
    assert get(store.open("b"), "/a/") is None
    assert len(list(store.namespaces())) == 1
    assert said == []


def test_entries_of_an_earlier_format_are_not_trusted(tmp_path: Path) -> None:
    said: list[str] = []
    put(DiskStore(tmp_path, print, NO_MEMORY).open("b"), "/a/", entry(), None)
    head = b'{"status": 200, "headers": {}, "stored_at": 1.0, "ttl_seconds": null, "etag": ""}'
    old = len(head).to_bytes(4, "big") + head + b"old"
    with closing(sqlite3.connect(cache_folder(tmp_path) / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET value = ?, tag = '[1.0, null, 200, 3]'", (old,))
    namespace = DiskStore(tmp_path, said.append).open("b")
    assert list(namespace.entry_infos()) == []
    assert get(namespace, "/a/") is None
    assert "it is emptied" in said[-1]
