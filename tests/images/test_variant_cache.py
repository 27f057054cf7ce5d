"""The cache of variants: damage, age, and several at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.images.variant_cache import DAY_SECONDS, KEPT_SECONDS, VariantCache

NAME, OTHER = "0123456789abcdef-640.webp", "0123456789abcdef-640x400-cover-30.40-q60.jpg"
NOW = 1_900_000_000.0


@pytest.fixture
def cache(tmp_path: Path) -> VariantCache:
    return VariantCache(tmp_path / "images", lambda: NOW)


def test_what_was_written_is_found_and_read(cache: VariantCache) -> None:
    assert cache.read(NAME) is None and cache.find(NAME) is None and cache.file_names() == set()
    path = cache.write(NAME, b"bytes")
    assert path.read_bytes() == b"bytes" and path.parent.name == "01"
    cache.write(OTHER, b"others")
    assert cache.find(NAME) == path
    assert cache.read(NAME) == b"bytes" and cache.read(OTHER) == b"others"
    assert cache.file_names() == {NAME, OTHER}
    for other in ("0123456789abcdef-64.webp", "0123456789abcdef-640", "0123456789abcdef-640.web"):
        assert cache.read(other) is None


def test_variants_are_counted_with_their_bytes(cache: VariantCache) -> None:
    assert cache.size() == (0, 0)
    cache.write("0123456789abcdef-640.webp", b"12345")
    cache.write("0123456789abcdef-64.webp", b"123").write_bytes(b"1")  # damaged
    assert cache.size() == (1, 5)


@pytest.mark.parametrize("damage", [b"", b"byte", b"bytes and more"])
def test_a_file_of_another_length_is_not_there(cache: VariantCache, damage: bytes) -> None:
    path = cache.write(NAME, b"bytes")
    path.write_bytes(damage)
    assert cache.file_names() == set()
    assert cache.find(NAME) is None
    assert not path.exists()


def test_a_changed_byte_is_found_by_reading(cache: VariantCache) -> None:
    path = cache.write(NAME, b"bytes")
    path.write_bytes(b"bites")
    assert cache.read(NAME) is None
    assert not path.exists()
    cache.write(NAME, b"bytes")
    assert cache.read(NAME) == b"bytes"


def test_a_variant_without_bytes_is_damaged(cache: VariantCache) -> None:
    cache.write(NAME, b"")
    assert cache.find(NAME) is None


def test_a_use_is_noted_once_a_day(cache: VariantCache) -> None:
    path = cache.write(NAME, b"bytes")
    for age, expected in ((DAY_SECONDS - 10, NOW - DAY_SECONDS + 10), (DAY_SECONDS + 10, NOW)):
        for use in (cache.find, cache.read):
            os.utime(path, (NOW - age,) * 2)
            use(NAME)
            assert path.stat().st_mtime == pytest.approx(expected)


def test_what_no_build_uses_for_30_days_is_deleted(cache: VariantCache) -> None:
    ages = {"00old.webp": KEPT_SECONDS + 10, "00known.webp": KEPT_SECONDS + 10, "00new.webp": 100}
    for name, age in ages.items():
        os.utime(cache.write(name, b"bytes"), (NOW - age,) * 2)
    damaged = cache.write("11damaged.webp", b"bytes")
    damaged.write_bytes(b"")
    leftover = damaged.with_name(".tmp-abc")
    leftover.write_bytes(b"by")
    os.utime(leftover, (NOW - 2 * DAY_SECONDS,) * 2)
    assert cache.collect({"00known.webp"}.__contains__, NOW) == 2
    assert cache.file_names() == {"00known.webp", "00new.webp"}
    assert not leftover.exists() and not leftover.parent.exists()
    assert cache.collect(lambda _: False, NOW + 29 * DAY_SECONDS) == 0
    assert cache.collect({"00new.webp"}.__contains__, NOW + 31 * DAY_SECONDS) == 1
    assert cache.file_names() == {"00new.webp"}


def test_a_failed_write_leaves_nothing(
    cache: VariantCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no space"):
        cache.write(NAME, b"bytes")
    assert [path for path in cache.folder.rglob("*") if path.is_file()] == []


def test_threads_read_all_or_nothing(cache: VariantCache) -> None:
    data = bytes(range(256)) * 1000

    def work(number: int) -> None:
        if number % 3 == 0:
            cache.write(NAME, data)
        assert cache.read(NAME) in {None, data}

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(200)))
    assert cache.read(NAME) == data
