"""Requests: the emitted function in Node, and `ssg serve`."""

from __future__ import annotations

import contextlib
import http.client
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import load, measure
from benchmarks.saves import saves
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path

Figures = dict[str, Any]

FUNCTION = ".netlify/functions-internal/ssg-pages"
MISSES = 200
SAVES = 21
COLD = 7


def function(root: Path) -> Figures:
    """The function of a built site: first page of a new process, later pages, memory."""
    folder, paths = root / FUNCTION, deferred_paths(root)
    with measure.deployed(folder, root / "public") as emitted:
        cold = emitted.first_page(paths[:COLD])
        warm = measure.times(emitted.later_pages(paths))
    first = measure.times([answer["first"] for answer in cold])
    return {
        "first_ms": first.median,
        "first_min_ms": first.values[0],
        "first_max_ms": first.values[-1],
        "warm_p50_ms": warm.median,
        "warm_p90_ms": warm.at(0.9),
        "rss_mb": max(answer["rss"] for answer in cold),
        "unzipped_mb": sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6,
    }


def kinds(roots: Mapping[str, Path]) -> Figures:
    """Functions of the same site by their kind, in turn: first page of a new process, later pages.

    The machine may be busier at one time than at another, and is so for all.
    """
    paths = deferred_paths(next(iter(roots.values())))
    first: dict[str, list[Figures]] = {kind: [] for kind in roots}
    later: dict[str, list[float]] = {kind: [] for kind in roots}
    with contextlib.ExitStack() as stack:
        functions = {
            kind: stack.enter_context(measure.deployed(root / FUNCTION, root / "public"))
            for kind, root in roots.items()
        }
        for path in paths[: 3 * COLD]:
            for kind, emitted in functions.items():
                first[kind] += emitted.first_page([path])
        for _ in range(COLD):
            for kind, emitted in functions.items():
                later[kind] += emitted.later_pages(paths)
    return {
        kind: {
            "first_ms": measure.times([one["first"] for one in first[kind]]).median,
            "first_cpu_ms": measure.times([one["cpu"] for one in first[kind]]).median,
            "warm_p50_ms": measure.times(later[kind]).median,
            "warm_p90_ms": measure.times(later[kind]).at(0.9),
        }
        for kind in roots
    }


def preview(root: Path, seconds: int) -> Figures:
    """`ssg serve`: first and repeated requests, over one connection and over many."""
    paths = deferred_paths(root)
    with measure.server(measure.PREVIEW, root) as edge:
        connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=30)
        misses = [measure.ask(connection, path) for path in paths]
        hits = [measure.ask(connection, path) for path in paths]
        assert all("fwd" in status for _, status in misses), "a miss was none"
        assert all("hit" in status for _, status in hits), "a hit was none"
        miss, hit = (measure.times([ms for ms, _ in found]) for found in (misses, hits))
        figures: Figures = {"miss_p50_ms": miss.median, "hit_p50_ms": hit.median}
        figures |= _load(edge, paths, seconds) if shutil.which("wrk") else {}
    step = len(paths) // SAVES
    return figures | {"save": saves(root, _sources(root, paths[::step][:SAVES]))}


def _load(edge: measure.Server, paths: list[str], seconds: int) -> Figures:
    alone, many = (load.press(edge, paths, count, seconds) for count in (1, load.MANY))
    assert not alone.failed + many.failed, "an answer was no page"
    return {
        "wrk_c1_p50_ms": alone.p50,
        "wrk_c32_per_second": many.per_second,
        "wrk_c32_p50_ms": many.p50,
        "wrk_c32_p99_ms": many.p99,
        "rss_mb": edge.megabytes,
    }


def _sources(root: Path, paths: Iterable[str]) -> dict[str, Path]:
    site = Site.open(root / ".ssg/site.db")
    found = {path: site.page_at(path) for path in paths}
    return {path: root / "content" / (page.source or "") for path, page in found.items() if page}


def deferred_paths(root: Path) -> list[str]:
    """Some deferred posts, spread over the archive."""
    site = Site.open(root / ".ssg/site.db")
    pages = [page.path for page in site.deferred_pages() if page.kind == "page"]
    step = max(1, len(pages) // MISSES)
    return [quote_path(path) for path in pages[::step][:MISSES]]
