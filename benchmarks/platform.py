"""The blogging platform under load, readers and writers: `python -m benchmarks.platform`.

It runs as `make platform` starts it, in one process with SQLite, and as in production: PostgreSQL,
Redis, Varnish, the API and two servers of the site, all on this machine. So do the visitors, who
take about one core. Readers choose posts by Zipf's law, and writers publish what readers read.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "blog-platform"
sys.path.insert(0, str(EXAMPLE))

from benchmarks import measure  # noqa: E402 the package of the example is found by now
from benchmarks.platform_load import LoadPlan, LoadResult, Visitors, WriterSession  # noqa: E402
from benchmarks.platform_seed import SeededSite, seed, user_name  # noqa: E402
from benchmarks.process import tree_megabytes  # noqa: E402
from blog.account import Account  # noqa: E402
from blog.accounts import csrf, sessions  # noqa: E402
from blog.database import Database  # noqa: E402
from tests.platform.cluster import Stack, one_process, production  # noqa: E402
from tests.services import program  # noqa: E402

STACKS = {"sqlite": one_process, "production": production}
WRITERS = 1000
SHOWN_PROBLEMS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stacks", nargs="*", default=list(STACKS), metavar="STACK")
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--writes", type=float, default=0.05, help="the share of writers")
    parser.add_argument("--folder", type=Path, help="where to work")
    wanted = parser.parse_args()
    site = SeededSite(wanted.users, wanted.posts, time.time())
    for name in wanted.stacks:
        with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
            Path(folder).chmod(0o755)  # Varnish reads its configuration as another user
            stack: AbstractContextManager[Stack] = STACKS[name](Path(folder))
            with stack as running:
                print(f"{name}: {site.posts:,} posts of {site.users:,} users", flush=True)
                bench(running, site, wanted)


def bench(stack: Stack, site: SeededSite, wanted: argparse.Namespace) -> None:
    """One run against one platform."""
    start = time.perf_counter()
    seed(stack.database_url, site)
    writers = logged_in(stack, min(WRITERS, site.users))
    print(f"  filled in {time.perf_counter() - start:.0f} s", flush=True)
    plan = LoadPlan(
        site, stack.url, wanted.seconds, wanted.connections, wanted.writes, writers
    )  # fmt: skip
    hits = varnish_hits(stack)
    result = asyncio.run(Visitors(plan).run())
    show(result, wanted.seconds)
    show_hits(result, varnish_hits(stack) - hits)
    for name, service in stack.services().items():
        if service.process:
            print(f"  {name:10}{tree_megabytes(service.process.pid):6.0f} MB")


def logged_in(stack: Stack, count: int) -> Sequence[WriterSession]:
    """Sessions of the first users, as log-ins make them."""
    database, now, found = Database(stack.database_url), time.time(), []
    with database.writing() as connection:
        for number in range(count):
            name = user_name(number)
            session = sessions.begin(connection, Account(name, name, name), now)
            token = sessions.signed(session, stack.jwt_secret, now)
            cookie = f"{sessions.COOKIE}={token}"
            found.append(WriterSession(cookie, csrf.token(stack.jwt_secret, session.id)))
    database.close()
    return found


def varnish_hits(stack: Stack) -> int:
    """The number of requests that Varnish has answered itself."""
    if stack.varnish is None:
        return 0
    command = [str(program("varnishstat")), "-1", "-n", str(stack.varnish.folder / "work")]
    done = subprocess.run(
        [*command, "-f", "MAIN.cache_hit"], capture_output=True, text=True, check=True
    )
    found = re.search(r"cache_hit +(\d+)", done.stdout)
    return int(found[1]) if found else 0


def show(result: LoadResult, seconds: float) -> None:
    """Print times, and what was wrong."""
    for name, found in (
        ("a page", result.reads), ("saving", result.saves), ("publishing", result.publishes),
    ):  # fmt: skip
        if found:
            times = measure.times(found)
            print(
                f"  {name:12}{len(found):9,} times, {len(found) / seconds:7,.0f}/s  "
                f"p50 {times.median:6.1f} ms  p99 {times.at(0.99):7.1f} ms"
            )
    print(f"  {len(result.errors):,} errors")
    print(f"  {len(result.outdated):,} outdated of {result.checked:,} posts in pages")
    for problem in [*result.errors[:SHOWN_PROBLEMS], *result.outdated[:SHOWN_PROBLEMS]]:
        print(f"    {problem}")


def show_hits(result: LoadResult, in_varnish: int) -> None:
    """Print where pages came from."""
    reads = max(1, len(result.reads))
    if in_varnish:
        print(f"  Varnish answered {in_varnish / reads:.1%}; what pages say of the servers:")
    for said, count in result.statuses.most_common(SHOWN_PROBLEMS):
        print(f"    {count / reads:7.1%}  {said or 'nothing'}")


if __name__ == "__main__":
    main()
