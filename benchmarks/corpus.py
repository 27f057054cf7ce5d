"""A blog of any size, the same bytes each time: `python -m benchmarks.corpus DIR --posts 1000`."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import re
from pathlib import Path

FIRST_DAY = dt.datetime(2015, 1, 1, 8, tzinfo=dt.UTC)
BETWEEN_POSTS = dt.timedelta(minutes=45)
COLOURS = ("red", "green", "blue", "grey", "white")
THINGS = ("river", "engine", "letter", "market", "window", "signal")
TAGS = [f"{colour}-{thing}" for colour in COLOURS for thing in THINGS]
SYLLABLES = re.findall("..", "bacodufegihojukalemino" + "purasetivowaxeyozu")

CONFIG = """\
title = "Benchmark"
base_url = "https://bench.example.org/"

[target]
name = "netlify"

[taxonomies.tags]

[[deferred.rules]]
match = "posts/**"
keep_newest = {critical}

[[deferred.rules]]
kind = "pager"

[[deferred.rules]]
kind = "term"
"""


def write_site(root: Path, posts: int, critical: int = 20) -> None:
    """A site of `posts` posts, of which all but the newest `critical` are deferred."""
    folder = root / "content" / "posts"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "ssg.toml").write_text(CONFIG.format(critical=critical), "utf-8")
    (root / "content" / "_index.md").write_text("---\ntitle: Benchmark\n---\nHello.\n", "utf-8")
    section = "---\ntitle: Posts\npaginate_by: 50\n---\n"
    (folder / "_index.md").write_text(section, "utf-8")
    for number in range(posts):
        (folder / f"post-{number:06d}.md").write_text(post(number), "utf-8")


def post(number: int) -> str:
    """Post `number`, about 5 KB: text, lists, a table, code, links to older posts."""
    rng = random.Random(number)
    date = FIRST_DAY + number * BETWEEN_POSTS
    tags = ", ".join(rng.sample(TAGS, 3))
    head = f'---\ntitle: "{_words(rng, 4).capitalize()} {number}"\ndate: {date.isoformat()}\n'
    head += f'description: "{_sentence(rng)}"\ntags: [{tags}]\n---\n\n'
    parts = [_paragraph(rng) + f" See [an older post](@/posts/{_older(rng, number)}.md)."]
    for _ in range(rng.randint(3, 6)):
        parts += [f"## {_words(rng, 3).capitalize()}", _paragraph(rng), _paragraph(rng)]
    parts.insert(3, "\n".join(f"- {_sentence(rng)}" for _ in range(4)))
    parts.insert(6, "\n".join(f"{n}. **{_words(rng, 2)}** {_sentence(rng)}" for n in (1, 2, 3)))
    parts += [f"> {_sentence(rng)}", _table(rng), _code(rng)]
    return head + "\n\n".join(parts) + "\n"


def _older(rng: random.Random, number: int) -> str:
    return f"post-{rng.randrange(max(1, number)):06d}"


def _words(rng: random.Random, count: int) -> str:
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(count))


def _sentence(rng: random.Random) -> str:
    return _words(rng, rng.randint(6, 16)).capitalize() + "."


def _paragraph(rng: random.Random) -> str:
    sentences = [_sentence(rng) for _ in range(rng.randint(3, 6))]
    sentences.insert(1, f"The *{_words(rng, 1)}* and `{_words(rng, 1)}_{rng.randrange(99)}`.")
    return " ".join(sentences)


def _table(rng: random.Random) -> str:
    rows = [f"| {_words(rng, 1)} | `{_words(rng, 1)}` | {rng.randrange(1000)} |" for _ in range(5)]
    return "\n".join(["| name | code | count |", "|---|:---:|---:|", *rows])


def _code(rng: random.Random) -> str:
    name = _words(rng, 1)
    return (
        f"```python\ndef {name}(items: list[int]) -> int:\n"
        f"    return sum(item for item in items if item < {rng.randrange(99)} & 7)\n```"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--critical", type=int, default=20)
    wanted = parser.parse_args()
    write_site(wanted.folder, wanted.posts, wanted.critical)


if __name__ == "__main__":
    main()
