"""Files in memory: bounded, and never another file than the one that was found."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ssg.edge.file_cache import FileCache
from ssg.edge.static_files import StaticFile, StaticFiles


def found(folder: Path, name: str, content: bytes) -> StaticFile:
    (folder / name).write_bytes(content)
    file = StaticFiles.under(folder).locate(name)
    assert file is not None
    return file


def test_the_files_used_last_are_kept(tmp_path: Path) -> None:
    files = [found(tmp_path, f"{number}.txt", b"x" * 10_000) for number in range(5)]
    cache = FileCache(limit_bytes=32_000)

    async def use() -> None:
        for file in files[:3]:
            await cache.read(file, "")
        assert cache.get(files[0], "") == b"x" * 10_000
        await cache.read(files[3], "")
        await asyncio.sleep(0)

    asyncio.run(use())
    assert [cache.get(file, "") is not None for file in files] == [True, False, True, True, False]


def test_a_file_that_changed_since_it_was_found_is_not_kept(tmp_path: Path) -> None:
    file, cache = found(tmp_path, "a.txt", b"before"), FileCache()
    (tmp_path / "a.txt").write_bytes(b"after it")
    assert asyncio.run(cache.read(file, "")) is None
    (tmp_path / "a.txt").unlink()
    assert asyncio.run(cache.read(file, "")) is None
    assert cache.get(file, "") is None


def test_large_files_are_not_kept(tmp_path: Path) -> None:
    cache = FileCache(largest_bytes=5)
    assert cache.keeps(found(tmp_path, "a.txt", b"12345"))
    assert not cache.keeps(found(tmp_path, "b.txt", b"123456"))
