"""Encoder processes: crashes, hangs, limits, and their end."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from ssg.images import encoder_pool
from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import (
    EncodedVariant,
    EncodingJob,
    EncodingResult,
    WantedVariant,
    read_result,
    write_error,
    write_result,
)
from ssg.images.picture_error import PictureError
from ssg.images.run_job import run_job
from tests.images.jobs import MAX_PIXELS, bare_job, job_of, variant_of
from tests.images.pictures import encoded, photo, png_bomb, quarters, written

TEST_SECONDS = 60

TRAPS = """
import os, signal, sys, time
from ssg.images import encoder_process, run_job

decode = run_job.decode

def trap(data, header, scale):
    size = header.width, header.height
    if size == (7, 1):
        time.sleep(100)
    if size == (7, 2):
        os.kill(os.getpid(), signal.SIGKILL)
    if size == (7, 3):
        bytearray(1 << 40)
    if size == (7, 4):
        print("noise"); os.write(1, b"more noise"); raise KeyError("unforeseen")
    if size == (7, 5):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
        while True:
            pass
    return decode(data, header, scale)

run_job.decode = trap
encoder_process.main()
"""
"""An encoder process whose decoder hangs, dies or needs too much for pictures of certain sizes."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    written(folder, "a.png", encoded(quarters(), "PNG"))
    for kind in range(1, 6):
        written(folder, f"trap{kind}.png", encoded(Image.new("RGB", (7, kind)), "PNG"))
    return folder


@pytest.fixture(scope="module")
def pool() -> Iterator[EncoderPool]:
    with EncoderPool(1, TEST_SECONDS, MAX_PIXELS) as pool:
        yield pool


@pytest.fixture(scope="module")
def trapped() -> Iterator[EncoderPool]:
    with EncoderPool(1, 1.0, MAX_PIXELS, command=("-c", TRAPS)) as pool:
        yield pool


def pid_of(pool: EncoderPool) -> int:
    """The process of a pool with one worker."""
    worker = pool._workers.queue[0]
    return worker.start().pid


def a_job(files: Path) -> EncodingJob:
    path = files / "a.png"
    return job_of(path, variant_of(path, "60", "webp"), variant_of(path, "30", "jpeg"))


def test_a_process_makes_the_same_bytes_as_this_one(pool: EncoderPool, files: Path) -> None:
    job = a_job(files)
    assert pool.make(job) == run_job(job, MAX_PIXELS)
    colors = EncodingJob(files / "a.png", "", wants_colors=True)
    assert pool.make(colors) == run_job(colors, MAX_PIXELS)


def test_an_error_is_that_of_a_picture_and_leaves_the_process(
    pool: EncoderPool, files: Path
) -> None:
    before = pid_of(pool)
    for name, data in (("bomb.png", png_bomb()), ("empty.png", b""), ("cut.png", b"\x89PNG")):
        with pytest.raises(PictureError):
            pool.make(bare_job(written(files, name, data)))
        assert len(pool.make(a_job(files)).variants) == 2
    assert pid_of(pool) == before


def test_a_killed_process_is_replaced(pool: EncoderPool, files: Path) -> None:
    before = pid_of(pool)
    os.kill(before, signal.SIGKILL)
    assert len(pool.make(a_job(files)).variants) == 2
    assert pid_of(pool) != before


def test_a_decoder_that_hangs_is_killed(trapped: EncoderPool, files: Path) -> None:
    trapped.make(a_job(files))
    before, start = pid_of(trapped), time.monotonic()
    with pytest.raises(PictureError, match="takes longer than 1 seconds"):
        trapped.make(bare_job(files / "trap1.png"))
    assert time.monotonic() - start < 20
    assert not is_alive(before)
    assert len(trapped.make(a_job(files)).variants) == 2


def test_a_decoder_that_crashes_is_tried_twice(trapped: EncoderPool, files: Path) -> None:
    with pytest.raises(PictureError, match=r"makes the decoder crash \(SIGKILL\)"):
        trapped.make(bare_job(files / "trap2.png"))
    assert len(trapped.make(a_job(files)).variants) == 2


def test_a_process_that_cannot_start_says_so(files: Path) -> None:
    broken = EncoderPool(1, TEST_SECONDS, command=("-c", "import a_missing_module"))
    with pytest.raises(PictureError, match=r"end with status 1\. Is Pillow installed\?"):
        broken.make(a_job(files))
    broken.close()


def test_memory_and_unforeseen_errors_are_those_of_a_picture(
    trapped: EncoderPool, files: Path
) -> None:
    trapped.make(a_job(files))
    before = pid_of(trapped)
    with pytest.raises(PictureError, match="needs more memory"):
        trapped.make(bare_job(files / "trap3.png"))
    with pytest.raises(PictureError, match="cannot be encoded: KeyError: 'unforeseen'"):
        trapped.make(bare_job(files / "trap4.png"))
    assert len(trapped.make(a_job(files)).variants) == 2
    assert pid_of(trapped) == before


def test_a_real_picture_that_needs_too_much_memory_is_an_error(files: Path) -> None:
    path = written(files, "large.png", png_bomb(9000, 9000))
    with EncoderPool(1, TEST_SECONDS, memory_bytes=300 << 20) as pool:
        with pytest.raises(PictureError, match="needs more memory"):
            pool.make(bare_job(path))
        assert len(pool.make(a_job(files)).variants) == 2


def test_a_process_is_replaced_after_many_jobs(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_pool, "JOBS_OF_A_PROCESS", 2)
    with EncoderPool(1, TEST_SECONDS) as pool:
        first = pid_of(pool)
        pool.make(a_job(files))
        assert pid_of(pool) == first
        pool.make(a_job(files))
        assert pid_of(pool) != first


def test_threads_share_a_pool(pool: EncoderPool, files: Path) -> None:
    expected = run_job(a_job(files), MAX_PIXELS)
    with ThreadPoolExecutor(8) as threads:
        results = threads.map(lambda _: pool.make(a_job(files)), range(24))
    assert all(result == expected for result in results)


def test_a_warm_pool_has_a_process_that_ends_with_it(files: Path) -> None:
    pool = EncoderPool(2, TEST_SECONDS)
    pool.warm()
    (process,) = {worker._process for worker in pool._workers.queue} - {None}
    assert len(pool.make(a_job(files)).variants) == 2
    assert {worker._process for worker in pool._workers.queue} == {process, None}
    pool.close()
    assert not is_alive(process.pid)
    assert len(pool.make(a_job(files)).variants) == 2
    pool.close()


def test_a_forked_process_has_an_encoder_of_its_own(pool: EncoderPool, files: Path) -> None:
    expected, own = pool.make(a_job(files)), pid_of(pool)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        is_right = pool.make(a_job(files)) == expected and pid_of(pool) != own
        os.write(writer, b"yes" if is_right else b"no")
        os._exit(0)
    assert [pool.make(a_job(files)) for _ in range(5)] == [expected] * 5
    os.waitpid(child, 0)
    assert os.read(reader, 3) == b"yes" and pid_of(pool) == own
    os.close(reader)
    os.close(writer)


PARENT = """
import sys, threading, time
from pathlib import Path
from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob
pool = EncoderPool(2, 1.0, command=("-c", {traps!r}))
workers = list(pool._workers.queue)
hanging = EncodingJob(Path({file!r}), "", wants_colors=True)
threading.Thread(target=lambda: workers[0]._attempt(hanging), daemon=True).start()
workers[1].start()
time.sleep(0.5)
print(workers[0].start().pid, workers[1].start().pid, flush=True)
time.sleep(100)
"""


def test_processes_end_with_a_killed_parent(files: Path) -> None:
    """The idle one at once, and the one whose decoder hangs in time."""
    code = PARENT.format(traps=TRAPS, file=str(files / "trap5.png"))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        busy, idle = map(int, parent.stdout.readline().split())
        assert is_alive(busy) and is_alive(idle)
        parent.kill()
    assert wait_until(lambda: not is_alive(idle), 10)
    assert wait_until(lambda: not is_alive(busy), 20)


def is_alive(pid: int) -> bool:
    """Whether a process runs. One that waits for its parent to notice its end does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_photo_of_12_megapixels_needs_less_than_200_megabytes(files: Path) -> None:
    large = photo().resize((4000, 3000))
    with EncoderPool(1, TEST_SECONDS) as pool:
        for kind in ("jpg", "png"):
            path = files / f"photo.{kind}"
            large.save(path, compress_level=1)
            variants = [variant_of(path, recipe, "webp") for recipe in ("400", "200x200-crop")]
            pool.make(job_of(path, *variants))
        status = Path(f"/proc/{pid_of(pool)}/status").read_text()
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    assert int(peak) < 200_000


def test_messages_are_read_as_they_were_written() -> None:
    wanted = WantedVariant("a.webp", "webp", 80, (0, 0, 3, 2, 3, 2))  # type: ignore[arg-type] a frame
    job = EncodingJob(Path("/a\nb \udcff.png"), "ab", (wanted,), "#ffffff", True)
    line = job.to_line()
    assert line.count(b"\n") == 1 and EncodingJob.from_line(line) == job
    result = EncodingResult((EncodedVariant("a", b"1\n2"), EncodedVariant("b", b"")), "#1", "data:")
    file = io.BytesIO()
    write_result(file, result)
    write_error(file, PictureError("is empty"))
    whole = file.getvalue()
    file.seek(0)
    assert read_result(file) == result
    with pytest.raises(PictureError, match="is empty"):
        read_result(file)
    with pytest.raises(EOFError):
        read_result(file)
    with pytest.raises(EOFError):
        read_result(io.BytesIO(whole[: whole.index(b"1\n2") + 2]))
