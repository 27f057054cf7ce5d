"""Every figure that the documentation states: `make bench`, or `python -m benchmarks`."""

from __future__ import annotations

import argparse
import platform
import shutil
import tempfile
from pathlib import Path

from benchmarks import measure
from benchmarks.corpus import write_site
from ssg.model.site import Site
from ssg.model.urls import quote_path

FUNCTION = ".netlify/functions-internal/ssg-pages"
MISSES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work; a memory file system is best")
    wanted = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108 creating files there costs the same each time
    base = wanted.folder or (memory if memory.is_dir() else None)
    print(f"Python {platform.python_version()}, {platform.machine()}, {wanted.runs} runs, medians")
    with tempfile.TemporaryDirectory(prefix="ssg-bench-", dir=base) as folder:
        for posts in wanted.posts:
            bench_site(Path(folder) / str(posts), posts, wanted.runs)


def bench_site(root: Path, posts: int, runs: int) -> None:
    write_site(root, posts)
    print(f"\n{posts:,} posts")
    measure.build(root, "netlify", 1)  # fetches npm packages and makes the snapshot, once
    whole, whole_peak = measure.build(root, "static", runs)
    show("build, all critical", f"{whole.median / 1000:.2f} s", per_page(whole, posts), whole_peak)
    deferred, peak = measure.build(root, "netlify", runs)
    show("build, all but 20 deferred", f"{deferred.median / 1000:.2f} s", per_page(deferred, posts))
    ratio = whole.median / deferred.median
    show("", f"{ratio:.1f} times as fast", f"at most {peak} MB a process")
    bench_function(root, runs)
    bench_preview(root)
    shutil.rmtree(root)


def bench_function(root: Path, runs: int) -> None:
    function, paths = root / FUNCTION, deferred_paths(root)
    cold = measure.first_page(function, paths[:runs])
    first = measure.times([answer["first"] for answer in cold])
    rss = max(answer["rss"] for answer in cold)
    show("function, process start to first page", f"{first.median:.0f} ms", f"{rss:.0f} MB")
    bare = root / "without-snapshot"
    shutil.copytree(function, bare)
    (bare / "snapshot.bin").unlink()
    slow = measure.times([answer["first"] for answer in measure.first_page(bare, paths[:runs])])
    show("  without the snapshot", f"{slow.median:.0f} ms")
    warm = measure.times(measure.warm_pages(function, paths)["warm"])
    show("function, warm page", f"p50 {warm.median:.1f} ms", f"p90 {warm.at(0.9):.1f} ms")


def bench_preview(root: Path) -> None:
    paths = deferred_paths(root)
    with measure.serving(root) as connection:
        misses = [measure.ask(connection, path) for path in paths]
        hits = [measure.ask(connection, path) for path in paths]
    assert all("fwd" in status for _, status in misses), "a miss was none"
    assert all("hit" in status for _, status in hits), "a hit was none"
    for name, found in (("miss", misses), ("hit", hits)):
        spread = measure.times([milliseconds for milliseconds, _ in found])
        show(f"ssg serve, {name}", f"p50 {spread.median:.2f} ms", f"p90 {spread.at(0.9):.2f} ms")


def deferred_paths(root: Path) -> list[str]:
    """Some deferred posts, spread over the archive."""
    site = Site.open(root / ".ssg/site.db")
    pages = [page.path for page in site.deferred_pages() if page.kind == "page"]
    step = max(1, len(pages) // MISSES)
    return [quote_path(path) for path in pages[::step][:MISSES]]


def per_page(found: measure.Times, posts: int) -> str:
    return f"{found.median / posts:.2f} ms a post"


def show(name: str, *values: str | int) -> None:
    shown = [
        f"at most {value} MB a process" if isinstance(value, int) else value for value in values
    ]
    print(f"  {name:40}{'   '.join(shown)}", flush=True)


if __name__ == "__main__":
    main()
