"""A function's size against the host's limits."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from ssg.targets.bundles.pyodide import function_size
from ssg.targets.bundles.pyodide.function_size import FileSize, SizeLimits

MB = 1024 * 1024
LIMITS = SizeLimits("Host", zipped_bytes=50 * MB, unzipped_bytes=250 * MB)


def write_text(file: Path, megabytes: int) -> None:
    """Text that deflates about as a database of Markdown does."""
    words = [f"word{number:x}" for number in range(5000)]
    chooser = random.Random(1)  # noqa: S311 the same text each time
    line = " ".join(chooser.choices(words, k=150_000)).encode()
    with file.open("wb") as stream:
        while stream.tell() < megabytes * MB:
            stream.write(line)


def test_an_exact_size_is_what_deflating_gives(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    write_text(file, 1)
    found = function_size.exact(file, tmp_path)
    expected = len(zlib.compress(file.read_bytes(), 1))
    assert found == FileSize("site.db", file.stat().st_size, found.zipped_bytes)
    assert found.zipped_bytes == pytest.approx(expected, rel=0.001)


def test_a_small_file_is_not_estimated(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    file.write_bytes(b"x" * 1000)
    assert function_size.estimate(file, tmp_path) == function_size.exact(file, tmp_path)


def test_an_estimate_comes_near_the_truth(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    write_text(file, 20)
    found = function_size.estimate(file, tmp_path)
    assert found.is_estimate
    assert found.bytes == file.stat().st_size
    assert found.zipped_bytes == pytest.approx(
        function_size.exact(file, tmp_path).zipped_bytes, rel=0.1
    )


def test_a_function_is_added_up_with_the_heaviest_first() -> None:
    files = [
        FileSize(name, weight * 3, weight) for name, weight in zip("abcdef", range(6), strict=True)
    ]
    total = function_size.add_up(files)
    assert (total.zipped_bytes, total.unzipped_bytes) == (15, 45)
    assert [file.name for file in total.heaviest] == ["f", "e", "d", "c"]
    assert not total.zipped_is_estimate


@pytest.mark.parametrize(("static_megabytes", "is_estimate"), [(1, True), (45, False)])
def test_the_truth_is_looked_for_only_near_the_limit(
    tmp_path: Path, static_megabytes: int, is_estimate: bool
) -> None:
    file = tmp_path / "site.db"
    write_text(file, 8)
    known = [FileSize("static", static_megabytes * MB, static_megabytes * MB)]
    assert (
        function_size.measure(
            known, [function_size.estimate(file, tmp_path)], tmp_path, LIMITS
        ).zipped_is_estimate
        is is_estimate
    )


def test_a_function_within_the_limits_has_no_problem() -> None:
    assert (
        function_size.problems(
            function_size.add_up([FileSize("site.db", 250 * MB, 50 * MB)]), LIMITS
        )
        == []
    )


def test_a_function_over_the_limits_names_its_heaviest_files() -> None:
    files = [FileSize("site.db", 300 * MB, 60 * MB), FileSize("snapshot.bin", 36 * MB, 10 * MB)]
    zipped, unzipped = function_size.problems(function_size.add_up(files), LIMITS)
    assert zipped.message == "the function has 70.0 MB zipped, but Host takes 50.0 MB"
    assert unzipped.message == "the function has 336.0 MB unzipped, but Host takes 250.0 MB"
    assert "site.db 60.0 MB, snapshot.bin 10.0 MB" in (zipped.hint or "")
    assert "site.db 300.0 MB, snapshot.bin 36.0 MB" in (unzipped.hint or "")
