"""Builds: full, deploy-ready, repeated, and by number of pages."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.contestants import Contestant
from benchmarks.process import FailedError, Run, timed

Figures = dict[str, Any]

TICK_SECONDS = 1.1
"""Some peers compare file times in whole seconds."""


def clean_builds(contestants: Iterable[Contestant], posts: int, runs: int) -> Figures:
    """Builds from nothing, in turns, so that other load on the machine affects all equally."""
    live, found = list(contestants), dict[str, list[Run]]()
    for _ in range(runs):
        for one in list(live):
            try:
                found.setdefault(one.name, []).append(clean_build(one, posts))
            except FailedError as error:
                print(f"  {one.name}: {error}", file=sys.stderr)
                live.remove(one)
    return {one.name: {"version": one.version, **_medians(found[one.name])} for one in live}


def clean_build(one: Contestant, posts: int) -> Run:
    site = one.site(posts)
    one.clean(site)
    run = timed(one.command(), site, one.environment())
    one.check(site, posts)
    return run


def _medians(runs: Sequence[Run]) -> Figures:
    walls = [run.wall for run in runs]
    return {
        **{key: statistics.median(asdict(run)[key] for run in runs) for key in asdict(runs[0])},
        "wall_min": min(walls),
        "wall_max": max(walls),
        "runs": len(runs),
    }


def rebuilds(one: Contestant, posts: int, runs: int) -> Figures:
    """Second builds: after no change, a changed text, and a changed title."""
    site = one.site(posts)
    one.clean(site)
    first = _again(one, site)
    file = one.post(site, posts // 2)
    old = file.read_text()
    figures: Figures = {"version": one.version, "first": first.wall}
    try:
        figures["nothing"] = _repeated(one, site, runs, lambda _: None)
        figures["text"] = _repeated(one, site, runs, lambda n: file.write_text(new_text(old, n)))
        figures["title"] = _repeated(one, site, runs, lambda n: file.write_text(new_title(old, n)))
    finally:
        file.write_text(old)
    return figures


def _repeated(one: Contestant, site: Path, runs: int, edit: Callable[[int], object]) -> float:
    walls = []
    for number in range(runs):
        time.sleep(TICK_SECONDS)
        edit(number)
        walls.append(_again(one, site).wall)
    return statistics.median(walls)


def _again(one: Contestant, site: Path) -> Run:
    return timed(one.command(again=True), site, one.environment())


def new_text(old: str, number: int) -> str:
    return f"{old}\nThis is edit {number}.\n"


def new_title(old: str, number: int) -> str:
    new = re.sub(r'(?mi)^((?:\.\. )?title: "?)', rf"\g<1>Edit {number} ", old, count=1)
    assert new != old
    return new


def growth(
    contestants: Sequence[Contestant], sizes: Sequence[int], limit_seconds: float
) -> Figures:
    """One build at each size. A generator that exceeds the limit skips the larger sizes."""
    found: Figures = {one.name: [] for one in contestants}
    live = list(contestants)
    for posts in sizes:
        for one in list(live):
            try:
                run = clean_build(one, posts)
            except FailedError as error:
                print(f"  {one.name}: {error}", file=sys.stderr)
                live.remove(one)
                continue
            found[one.name].append({"posts": posts, **asdict(run)})
            print(f"  {posts:>8,} {one.name:16}{run.wall:8.2f} s{run.rss:8.0f} MB", flush=True)
            if run.wall > limit_seconds:
                live.remove(one)
    return found


def deferring_peers(folder: Path, posts: int, runs: int, names: Sequence[str]) -> Figures:
    """Peers that render on demand, measured by their own `measure.py`."""
    found: Figures = {}
    for name in names:
        script = folder / "deferred" / name / "measure.py"
        if not script.is_file():
            continue
        command = [sys.executable, str(script), "--pages", str(posts), "--builds", str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        if done.returncode:
            print(f"  skipped {name}: {done.stderr[-300:]}", file=sys.stderr)
            continue
        found[name] = json.loads(done.stdout)
    return found
