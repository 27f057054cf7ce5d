"""Measures every figure in the documentation: `make bench`, or `python -m benchmarks`.

Name sections to run only those:

    full       builds from nothing that render every page, compared with the peers
    deferred   deploy-ready builds with 20 critical posts, compared with peers that render on demand
    rebuild    builds after no change, a changed text, or a changed title
    function   the emitted function: its first page, later pages, memory
    kinds      builders and functions of Netlify in turn: first page, later pages
    live       the first page of a function: deferred, and live with data of an API
    serve      `ssg serve`: misses, hits, load if wrk is installed; saves
    keep       pages that stay cached over a deploy of one edit
    growth     time and memory by number of pages

`run.py` of `--peers-folder` runs the peers, if that folder exists.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import builds, live_function, requests
from benchmarks.contestants import Contestant, Ssg, load_peers, peers_of
from benchmarks.kept_cache import kept_cache
from benchmarks.process import timed
from ssg.config.target_registry import KINDS

ROOT = Path(__file__).parents[1]
SECTIONS = ("full", "deferred", "rebuild", "function", "kinds", "live", "serve", "keep", "growth")
PEERS = ("hugo", "zola", "eleventy", "astro", "jekyll", "pelican", "mkdocs", "nikola")
DEFERRING = ("next", "gatsby", "eleventy-serverless")
GROWTH = (1000, 3000, 10_000, 30_000, 100_000)
GROWTH_LIMIT_SECONDS = 60
LOAD_SECONDS = 5

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """The options of one run."""

    folder: Path
    posts: Sequence[int]
    function_posts: Sequence[int]
    runs: int
    peers: ModuleType | None
    peers_folder: Path
    names: Sequence[str]

    def ours(self, target: str) -> Ssg:
        return Ssg(self.folder, target, self.peers)

    def others(self) -> list[Contestant]:
        return list(peers_of(self.peers, self.names)) if self.peers else []

    # -- sections ----------------------------------------------------------------------------

    def full(self) -> Figures:
        contestants = [self.ours("static"), *self.others()]
        return {str(n): builds.clean_builds(contestants, n, self.runs) for n in self.posts}

    def deferred(self) -> Figures:
        ours, most = self.ours("netlify"), max(self.posts)
        self._first(ours, most)
        hugo = [one for one in self.others() if one.name == "hugo"]
        found: Figures = {
            str(n): builds.clean_builds([ours, *hugo], n, self.runs) for n in self.posts
        }
        if self.peers:
            asked = (self.peers_folder, most, self.runs, DEFERRING)
            found["peers"] = builds.deferring_peers(*asked)
        return found

    def rebuild(self) -> Figures:
        most = max(self.posts)
        contestants = [self.ours("static"), self.ours("netlify"), *self.others()]
        return {one.name: builds.rebuilds(one, most, self.runs) for one in contestants}

    def function(self) -> Figures:
        ours = self.ours("netlify")
        return {str(n): requests.function(self._first(ours, n)) for n in self.function_posts}

    def kinds(self) -> Figures:
        ours = {kind: Ssg(self.folder, "netlify", self.peers, kind) for kind in KINDS}
        return requests.kinds({k: self._first(one, max(self.posts)) for k, one in ours.items()})

    def live(self) -> Figures:
        plain, routes = (Ssg(self.folder / name, "netlify", self.peers) for name in ("p", "r"))
        posts = min(self.posts)
        config = routes.site(posts) / "ssg.toml"
        config.write_text(config.read_text("utf-8") + live_function.ROUTES, "utf-8")
        return live_function.first_pages(self._first(plain, posts), self._first(routes, posts))

    def serve(self) -> Figures:
        return requests.preview(self._first(self.ours("netlify"), max(self.posts)), LOAD_SECONDS)

    def keep(self) -> Figures:
        ours, most = Ssg(self.folder / "keep", "netlify", self.peers), max(self.posts)
        site = ours.site(most)
        edits = {"text": builds.new_text, "title": builds.new_title}
        return kept_cache(site, ours.post(site, most // 2), edits)

    def growth(self) -> Figures:
        hugo = [one for one in self.others() if one.name == "hugo"]
        contestants = [self.ours("netlify"), self.ours("static"), *hugo]
        return builds.growth(contestants, GROWTH, GROWTH_LIMIT_SECONDS)

    def _first(self, ours: Ssg, posts: int) -> Path:
        """A built site, so that packages and the snapshot are cached before the measurement."""
        site = ours.site(posts)
        timed(ours.command(), site)
        return site


def main() -> None:
    wanted = _arguments().parse_args()
    module = load_peers(wanted.peers_folder)
    memory = Path("/dev/shm")  # noqa: S108 creating files there costs the same each time
    base = wanted.folder or (memory if memory.is_dir() else None)
    results: Figures = {"machine": _machine()}
    with tempfile.TemporaryDirectory(prefix="ssg-bench-", dir=base) as folder:
        bench = Bench(
            Path(folder), wanted.posts, wanted.function_posts, wanted.runs,
            module, wanted.peers_folder, wanted.peers,
        )  # fmt: skip
        for section in wanted.sections or SECTIONS:
            print(f"\n{section}", flush=True)
            results[section] = getattr(bench, section)()
            print(json.dumps(results[section], indent=1), flush=True)
    if wanted.json:
        kept = json.loads(wanted.json.read_text()) if wanted.json.is_file() else {}
        wanted.json.write_text(json.dumps({**kept, **results}, indent=1) + "\n")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], metavar="SECTION")
    parser.add_argument("--posts", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--function-posts", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work; a memory file system is best")
    parser.add_argument("--peers-folder", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=PEERS)
    parser.add_argument("--json", type=Path, help="add the results to this file")
    return parser


def _machine() -> Figures:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "node": node.stdout.strip().removeprefix("v"),
    }


if __name__ == "__main__":
    main()
