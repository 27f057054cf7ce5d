"""The preview under load, by wrk on this machine: `python -m benchmarks.load`.

Beside it stand the two things that it cannot beat: a page that is rendered and not served, and a
file that Starlette serves bare. A server has one thread that answers, and wrk takes one core.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.corpus import write_site
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.render.renderer import Renderer

SECONDS = 5
MANY = 32
SAMPLE = 300
UNKNOWN = 100_000

WALK = """\
-- Each request asks for the next path of a file; those of other threads are left out.
local paths, at = {}, 0
for line in io.lines(os.getenv("SSG_PATHS")) do paths[#paths + 1] = line end
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""

BARE = """\
import sys
from pathlib import Path
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response
from ssg.edge.page_function import function_in_process
from ssg.edge.http.listener import listening_socket, url_of
from ssg.runtime.http import Request

async def file(scope, receive, send):
    await FileResponse(sys.argv[2])(scope, receive, send)

async def render(scope, receive, send):
    said = await run_in_threadpool(answer, Request("GET", scope["raw_path"].decode()))
    await Response(said.body, said.status, dict(said.headers))(scope, receive, send)

answer = function_in_process(Path(sys.argv[2]), "ssg-pages") if sys.argv[1] == "render" else None
listener = listening_socket("127.0.0.1", 0)
print(url_of(listener, "127.0.0.1"), file=sys.stderr, flush=True)
config = uvicorn.Config(
    globals()[sys.argv[1]], log_config=None, access_log=False, lifespan="off", server_header=False
)
uvicorn.Server(config).run(sockets=[listener])
"""


@dataclass(frozen=True, slots=True)
class Load:
    """A report of wrk. Times are in milliseconds."""

    p50: float
    p99: float
    per_second: float
    requests: int
    failed: int


def press(
    where: measure.Server,
    paths: Sequence[str],
    connections: int,
    seconds: int = SECONDS,
    encoding: str = "",
) -> Load:
    """Requests the paths in turn, repeatedly; `encoding` is the `Accept-Encoding`."""
    with tempfile.TemporaryDirectory() as folder:
        script, listed = Path(folder) / "walk.lua", Path(folder) / "paths"
        script.write_text(WALK)
        listed.write_text("\n".join(paths) + "\n")
        url = f"http://127.0.0.1:{where.port}"
        options = f"-t1 -c{connections} -d{seconds}s --timeout 15s --latency -s {script} {url}"
        headers = ["-H", f"Accept-Encoding: {encoding}"] if encoding else []
        done = subprocess.run(
            ["wrk", *headers, *options.split()], env={"SSG_PATHS": str(listed)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    return read_wrk(done.stdout)


def read_wrk(text: str) -> Load:
    """The figures in wrk's report."""
    failed = re.findall(r"Non-2xx or 3xx responses: (\d+)", text)
    return Load(
        p50=_milliseconds(re.findall(r"^ +50% +(\S+)", text, re.M)[0]),
        p99=_milliseconds(re.findall(r"^ +99% +(\S+)", text, re.M)[0]),
        per_second=float(re.findall(r"Requests/sec:\s+(\S+)", text)[0]),
        requests=int(re.findall(r"(\d+) requests in", text)[0]),
        failed=int(failed[0]) if failed else 0,
    )


def _milliseconds(text: str) -> float:
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
    number = text.rstrip("mus")
    return float(number) * units[text[len(number) :]]


def bare_renders(database: Path, paths: Sequence[str]) -> measure.Times:
    """Rendering alone, in this process, without the first pages, which compile templates."""
    site = Site.open(database)
    renderer = Renderer(site)
    pages = [page for path in paths if (page := site.page_at(path))]
    found = []
    for number, page in enumerate(pages):
        start = time.perf_counter()
        renderer.render(page)
        if number >= 20:
            found.append((time.perf_counter() - start) * 1000)
    return measure.times(found)


def deferred_posts(database: Path) -> list[str]:
    site = Site.open(database)
    return [page.path for page in site.deferred_pages() if page.kind == "page"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each load lasts")
    parser.add_argument("--unknown", type=int, default=UNKNOWN, help="different unknown paths")
    parser.add_argument("--flood", type=int, default=SECONDS, help="seconds of unknown paths")
    wanted = parser.parse_args()
    assert shutil.which("wrk"), "wrk is not installed"
    memory = Path("/dev/shm")  # noqa: S108 a memory file system costs the same each time
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        write_site(Path(folder), wanted.posts)
        with measure.server(measure.PREVIEW, Path(folder)) as edge:
            bench(Path(folder) / ".ssg/serve", edge, wanted.seconds, wanted.unknown, wanted.flood)


def bench(
    state: Path, edge: measure.Server, seconds: int, unknown: int, flood_seconds: int
) -> None:
    posts = deferred_posts(state / "site.db")
    urls = [quote_path(path) for path in posts]
    print(f"{len(posts):,} deferred posts; the server has {edge.megabytes:.0f} MB")
    render = bare_renders(state / "site.db", posts[:SAMPLE])
    print(f"  a render alone                    p50 {render.median:.2f} ms")
    bench_misses(state, edge, urls, render, seconds)
    hits = [press(edge, urls[:100], count, seconds) for count in (1, MANY)]
    bench_bare(state, edge, hits, seconds)
    flood = press(edge, unknown_paths(unknown), MANY, flood_seconds)
    show("unknown paths below the builder's", flood, edge)
    show("unknown paths elsewhere", press(edge, unknown_paths(unknown, "/x"), MANY, seconds), edge)
    show("the same hits after that", press(edge, urls[:100], MANY, seconds), edge)
    mixed = [*urls[:800], *["/"] * 100, *unknown_paths(50), *urls[len(urls) // 2 :][:50]]
    show("mixed", press(edge, mixed, MANY, seconds), edge)


def bench_misses(
    state: Path, edge: measure.Server, urls: Sequence[str], render: measure.Times, seconds: int
) -> None:
    """Pages on their first request; and a server that renders, without a cache."""
    with measure.server(["-c", BARE, "render", str(state / "site.db")], state) as bare:
        press(bare, urls[:20], 1, 1)
        rendered = press(bare, urls[::-1], 1, seconds)
        show("a render served, 1 connection", rendered, bare)
    misses = press(edge, urls[::-1], 1, seconds)
    show("misses, 1 connection", misses, edge)
    alone, served = misses.p50 / render.median, misses.p50 / rendered.p50
    print(f"    a miss costs {alone:.2f} times a render alone, {served:.2f} times one served")
    show(f"misses, {MANY} connections", press(edge, urls, MANY, seconds), edge)


def bench_bare(state: Path, edge: measure.Server, hits: Sequence[Load], seconds: int) -> None:
    """Hits, and a file of the same size from a minimal server."""
    page = state / "page.html"
    site = Site.open(state / "site.db")
    page.write_bytes(Renderer(site).render(next(site.deferred_pages())))
    with measure.server(["-c", BARE, "file", str(page)], state) as bare:
        files = [press(bare, ["/"], count, seconds) for count in (1, MANY)]
        for count, hit, file in zip((1, MANY), hits, files, strict=True):
            show(f"hits, {count} connections", hit, edge)
            show(f"  a bare file, {count} connections", file, bare)
            ratio = hit.per_second / file.per_second
            print(f"    hits come {ratio:.2f} times as often as bare files")


def unknown_paths(count: int, below: str = "/posts") -> list[str]:
    return [f"{below}/no-{number * 7919 % 1_000_003:06d}/" for number in range(count)]


def show(name: str, load: Load, where: measure.Server) -> None:
    print(
        f"  {name:34}p50 {load.p50:.2f} ms  p99 {load.p99:.2f} ms  {load.per_second:,.0f}/s  "
        f"{load.requests:,} requests, {load.failed:,} not 2xx  {where.megabytes:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
