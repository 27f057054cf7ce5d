"""Results -> the documentation's page of figures: `python -m benchmarks.report`.

All tables come from `results.json`; no figure is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parents[1] / "content" / "docs" / "speed" / "index.md"

Figures = dict[str, Any]

OURS = ("ssg", "ssg, deferred")

HEAD = """\
---
title: Speed
description: Figures of builds, rebuilds, functions and the preview, beside other generators.
weight: 128
extra: {group: Explanation}
---

<!-- Written by `python -m benchmarks.report` from `benchmarks/results.json`. -->

One command, `make bench`, measures every figure on this page. It builds a blog of any size: posts
of 5.7 KB in Markdown with a table, code and links, three of 50 tags each, a page for each tag with
all its posts, a feed and a sitemap. Other generators build the same posts into pages as similar as
their features allow, in turns with `ssg`, on the same machine. Times are medians of whole
processes, from start to exit, with files on a memory file system. Highlighting is off in all.
"""


def page(results: Figures) -> str:
    """The page as Markdown."""
    parts = [HEAD, _machine(results["machine"])]
    for section, write in SECTIONS.items():
        if section in results:
            parts += ["\n".join(write(results[section]))]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _machine(found: Figures) -> str:
    return (
        f"Measured on {found['date']}: {found['cores']} cores, {found['system']}, "
        f"Python {found['python']}, Node {found['node']}."
    )


# -- sections -------------------------------------------------------------------------------------


def _full(found: Figures) -> Iterator[str]:
    yield "## Full builds\n"
    yield "Each build starts from nothing and renders every page."
    for posts, rows in found.items():
        ours = rows["ssg"]["wall"]
        yield f"\n### {int(posts):,} posts\n"
        yield from _table(
            ("generator", "version", "time", "to ssg", "memory"),
            (
                (_name(name), row["version"], _seconds(row["wall"]), f"{row['wall'] / ours:.1f}",
                 _memory(row))
                for name, row in _by_wall(rows)
            ),
        )  # fmt: skip
    yield "\n![Full builds of the largest blog](full.svg)"


def _deferred(found: Figures) -> Iterator[str]:
    yield "## Deploy-ready builds\n"
    yield "The build renders the newest 20 posts, the index and the list of tags. It defers all"
    yield "other posts and the pages of tags: it reads and plans them, and writes the function. The"
    yield "function renders each of them on its first request."
    sizes = {key: rows for key, rows in found.items() if key != "peers"}
    rows = [
        (f"{int(posts):,}", _seconds(ours := row["ssg, deferred"]["wall"]),
         *_beside(row.get("hugo"), ours))
        for posts, row in sizes.items()
    ]  # fmt: skip
    yield ""
    yield from _table(("posts", "ssg, deferred", "Hugo, every page", "times as fast"), rows)
    if peers := found.get("peers"):
        posts, row = max(sizes.items(), key=lambda item: int(item[0]))
        yield f"\nGenerators that render on demand, with {int(posts):,} posts, 20 of them built:\n"
        ours = row["ssg, deferred"]["wall"]
        others = [(name, _peer_wall(peer)) for name, peer in peers.items()]
        yield from _table(
            ("generator", "build", "to ssg"),
            [
                (_name(name), _seconds(wall), f"{wall / ours:.1f}")
                for name, wall in sorted([("ssg", ours), *others], key=lambda one: one[1])
            ],
        )


def _beside(hugo: Figures | None, ours: float) -> tuple[str, str]:
    return (_seconds(hugo["wall"]), f"{hugo['wall'] / ours:.1f}") if hugo else ("", "")


def _peer_wall(peer: Figures) -> float:
    walls = sorted(build["wall"] for build in peer["build"])
    return float(walls[len(walls) // 2])


def _rebuild(found: Figures) -> Iterator[str]:
    yield "## Rebuilds\n"
    yield "The same blog is built again after no change, a changed text, and a changed title."
    yield "The others run with their options for rebuilds.\n"
    rows = sorted(found.items(), key=lambda item: item[1]["nothing"])
    yield from _table(
        ("generator", "nothing", "a text", "a title"),
        ((_name(name), *(_seconds(row[key]) for key in ("nothing", "text", "title")))
         for name, row in rows),
    )  # fmt: skip
    yield "\n![Rebuilds after a text has changed](rebuild.svg)"


def _function(found: Figures) -> Iterator[str]:
    yield "## The function\n"
    yield "“First page” is the time from the start of a new Node process to its first deferred"
    yield "page. “Later pages” are other pages of that process, each on its first request. If texts"
    yield "do not fit into the function, it fetches them, here from a server on the same machine.\n"
    yield from _table(
        ("posts", "first page", "later pages", "memory", "size on disk"),
        (
            (f"{int(posts):,}", f"{row['first_ms']:.0f} ms", f"{row['warm_p50_ms']:.1f} ms",
             f"{row['rss_mb']:.0f} MB", f"{row['unzipped_mb']:.0f} MB")
            for posts, row in found.items()
        ),
    )  # fmt: skip


def _serve(found: Figures) -> Iterator[str]:
    yield "## The preview\n"
    yield "`ssg serve`, with requests from the same machine.\n"
    rows = [
        ("a page for the first time, one connection", f"{found['miss_p50_ms']:.2f} ms"),
        ("a cached page, one connection", f"{found['hit_p50_ms']:.2f} ms"),
    ]
    if "wrk_c32_per_second" in found:
        rows += [
            ("the same, by wrk", f"{found['wrk_c1_p50_ms']:.2f} ms"),
            ("cached pages, 32 connections", f"{found['wrk_c32_per_second']:,.0f} a second"),
            ("memory after that", f"{found['rss_mb']:.0f} MB"),
        ]
    yield from _table(("what", "median"), rows)
    if saved := found.get("save"):
        yield "\nTime from saving a post to the reload message, and to the new page:\n"
        yield from _table(
            ("edit", "message", "new page", "slowest page"),
            (
                (name, *(f"{saved[f'{name}_{key}_ms']:.0f} ms" for key in _SAVED))
                for name in ("text", "title")
            ),
        )


_SAVED = ("message_p50", "page_p50", "page_max")


def _growth(found: Figures) -> Iterator[str]:
    yield "## Growth\n"
    yield "Time and memory by number of posts. Memory is the sum over all processes; shared memory"
    yield "counts once for each process.\n"
    sizes = sorted({run["posts"] for runs in found.values() for run in runs})
    names = list(found)
    by_size = {(name, run["posts"]): run for name, runs in found.items() for run in runs}
    yield from _table(
        ("posts", *map(_name, names)),
        (
            (f"{posts:,}", *(_run(by_size.get((name, posts))) for name in names))
            for posts in sizes
        ),
    )  # fmt: skip
    yield "\n![Time by number of posts](growth-time.svg)"
    yield "\n![Memory by number of posts](growth-memory.svg)"


def _images(found: Figures) -> Iterator[str]:
    size = f"{found['photos']:,} photos of 12 MP, {found['megabytes']:.1f} MB each, ten to a page"
    load = f"{found['load']:.0f} on {found['cores']} cores"
    yield "## Pictures\n"
    yield f"A gallery of {size}. Each photo gets {len(found['widths'])} widths in two formats."
    yield "Qualities are the same in ssg and Hugo; efforts of encoders are the defaults of each. In"
    yield "Hugo, a template for pictures in Markdown makes variants. Requests go to `ssg start`."
    yield f"The load at the end, with that of the benchmark itself, was {load}."
    yield f"Measured on {found['date']} by `{found['command']}`.\n"
    yield from _table(("what", "figure", "note"), found["rows"])


SECTIONS = {
    "full": _full,
    "deferred": _deferred,
    "rebuild": _rebuild,
    "function": _function,
    "serve": _serve,
    "growth": _growth,
    "images": _images,
}


# -- words and tables -----------------------------------------------------------------------------

_NAMES = {"mkdocs": "MkDocs", "next": "Next.js", "eleventy-serverless": "Eleventy Serverless"}


def _name(name: str) -> str:
    return name if name in OURS else _NAMES.get(name, name.capitalize())


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def _memory(row: Figures) -> str:
    return f"{row['rss']:,.0f} MB"


def _run(run: Figures | None) -> str:
    return f"{_seconds(run['wall'])}, {_memory(run)}" if run else ""


def _by_wall(rows: Figures) -> list[tuple[str, Figures]]:
    return sorted(rows.items(), key=lambda item: float(item[1]["wall"]))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def plot(results: Figures, folder: Path) -> None:
    """The plots of the page."""
    from benchmarks.plots import bars, lines  # noqa: PLC0415 tables need no library for plots

    if full := results.get("full"):
        posts, rows = max(full.items(), key=lambda item: int(item[0]))
        walls = [(_name(name), row["wall"]) for name, row in _by_wall(rows)]
        bars(folder / "full.svg", walls, f"Full build of {int(posts):,} posts, seconds", OURS)
    if rebuild := results.get("rebuild"):
        walls = sorted(((_name(n), r["text"]) for n, r in rebuild.items()), key=lambda w: w[1])
        bars(folder / "rebuild.svg", walls, "Build after one text has changed, seconds", OURS)
    if growth := results.get("growth"):
        named = {_name(name): runs for name, runs in growth.items()}
        for key, file, unit in (("wall", "growth-time", "seconds"), ("rss", "growth-memory", "MB")):
            series = {n: [(run["posts"], run[key]) for run in runs] for n, runs in named.items()}
            lines(folder / f"{file}.svg", series, "posts", unit)


def main() -> None:
    results = json.loads(RESULTS.read_text())
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(results), "utf-8")
    plot(results, PAGE.parent)


if __name__ == "__main__":
    main()
