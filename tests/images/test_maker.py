"""Variants are made once, however many ask for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob, EncodingResult
from ssg.images.maker import VariantMaker
from ssg.images.picture_error import PictureError
from ssg.images.run_job import run_job
from ssg.images.variant_cache import VariantCache
from ssg.model.images.settings import ImageSettings
from tests.images.jobs import MAX_PIXELS, variant_of
from tests.images.pictures import encoded, quarters, written


class CountingPool(EncoderPool):
    """A pool of one worker in this process, which counts its jobs and can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[EncodingJob] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self._turn = threading.Lock()

    def make_next(self, next_job: Callable[[], EncodingJob]) -> EncodingResult:
        with self._turn:
            self.is_open.wait(10)
            job = next_job()
            self.jobs.append(job)
            return run_job(job, MAX_PIXELS)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path, "a.png", encoded(quarters(), "PNG"))


@pytest.fixture
def pool() -> CountingPool:
    return CountingPool()


@pytest.fixture
def maker(tmp_path: Path, pool: CountingPool) -> VariantMaker:
    return VariantMaker(VariantCache(tmp_path / "cache"), pool, ImageSettings())


def test_a_variant_is_made_once_and_cached(
    maker: VariantMaker, pool: CountingPool, source: Path, tmp_path: Path
) -> None:
    variant = variant_of(source, "60", "webp")
    data = maker.read(source, variant)
    assert maker.read(source, variant) == data
    again = VariantMaker(VariantCache(tmp_path / "cache"), pool, ImageSettings())
    assert again.read(source, variant) == data
    assert len(pool.jobs) == 1


def test_twenty_at_once_are_one_job(maker: VariantMaker, pool: CountingPool, source: Path) -> None:
    pool.is_open.clear()
    variant = variant_of(source, "60", "webp")
    with ThreadPoolExecutor(20) as threads:
        futures = [threads.submit(maker.read, source, variant) for _ in range(20)]
        time.sleep(0.1)
        pool.is_open.set()
        assert len({future.result() for future in futures}) == 1
    assert len(pool.jobs) == 1


def test_variants_that_wait_share_a_job(
    maker: VariantMaker, pool: CountingPool, source: Path
) -> None:
    pool.is_open.clear()
    variants = [variant_of(source, f"{width}", "webp") for width in range(10, 60, 5)]
    with ThreadPoolExecutor(10) as threads:
        futures = [threads.submit(maker.read, source, variant) for variant in variants]
        time.sleep(0.2)
        pool.is_open.set()
        assert len({future.result(10) for future in futures}) == 10
    assert len(pool.jobs) <= 2


def test_only_missing_variants_are_made(
    maker: VariantMaker, pool: CountingPool, source: Path
) -> None:
    variants = [variant_of(source, name, "jpeg") for name in ("20", "40", "60")]
    maker.make(source, variants[:1])
    made = maker.make(source, variants)
    assert list(made) == [variant.file_name for variant in variants]
    assert [len(job.variants) for job in pool.jobs] == [1, 2]
    assert maker.make(source, []) == {}


def test_an_error_reaches_all_who_wait_and_is_not_kept(
    maker: VariantMaker, pool: CountingPool, source: Path
) -> None:
    variant = variant_of(source, "60", "webp")
    whole = source.read_bytes()
    source.write_bytes(b"")
    pool.is_open.clear()
    with ThreadPoolExecutor(4) as threads:
        futures = [threads.submit(maker.read, source, variant) for _ in range(4)]
        time.sleep(0.1)
        pool.is_open.set()
        for future in futures:
            with pytest.raises(PictureError, match="has changed"):
                future.result(10)
    source.write_bytes(whole)
    assert maker.read(source, variant)


def test_a_damaged_file_of_the_cache_is_made_again(
    maker: VariantMaker, pool: CountingPool, source: Path, tmp_path: Path
) -> None:
    variant = variant_of(source, "60", "webp")
    data = maker.read(source, variant)
    cached = VariantCache(tmp_path / "cache").find(variant.file_name)
    assert cached
    cached.write_bytes(bytes(len(data)))
    assert maker.read(source, variant) == data
    assert len(pool.jobs) == 2


def test_a_variant_that_cannot_be_stored_is_served(
    pool: CountingPool, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    maker = VariantMaker(VariantCache(tmp_path / "file"), pool, ImageSettings())
    assert maker.read(source, variant_of(source, "60", "webp"))


@pytest.fixture(scope="module")
def real_pool() -> Iterator[EncoderPool]:
    with EncoderPool(2, 60) as pool:
        yield pool


def test_many_variants_of_many_pictures_are_made_by_processes(
    real_pool: EncoderPool, tmp_path: Path
) -> None:
    maker = VariantMaker(VariantCache(tmp_path / "cache"), real_pool, ImageSettings())
    sources = [
        written(tmp_path, f"{width}.png", encoded(quarters(width, 60), "PNG"))
        for width in (80, 100)
    ]
    wanted = [
        (source, variant_of(source, name, kind))
        for source in sources for name in ("20", "40") for kind in ("webp", "jpeg")
    ]  # fmt: skip
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda one: maker.read(*one), wanted * 3))
    assert found[:8] == found[8:16] == found[16:]
    assert len(set(found)) == 8
