"""`paths.bin`: written in Python, read in JavaScript."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from ssg.model.urls import decode_path
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER
from ssg.targets.bundles.pyodide.path_index import PREFIX_BYTES, block_numbers, by_prefix

PAGES = ("/", "/blog/post/", "/blog/käse/", "/blog/漢字/", "/data.xml")

READ = """
const { Membership, decodePath } = require(process.argv[1] + '/paths.js');
const known = new Membership(require('fs').readFileSync(process.argv[2]));
const answers = JSON.parse(process.argv[3]).map((path) => {
  const decoded = decodePath(path);
  return decoded === null ? null : known.find(decoded) >= 0;
});
console.log(JSON.stringify(answers));
"""


def path_prefixes(paths: Iterable[str]) -> bytes:
    """The content of `paths.bin`."""
    return b"".join(by_prefix((path, None) for path in paths))


def test_prefixes_are_sorted_and_each_stands_once() -> None:
    content = path_prefixes([*PAGES, *PAGES])
    pieces = [content[at : at + PREFIX_BYTES] for at in range(0, len(content), PREFIX_BYTES)]
    assert pieces == sorted(set(pieces))
    assert len(pieces) == len(PAGES)
    assert hashlib.sha256("/blog/käse/".encode()).digest()[:PREFIX_BYTES] in pieces


def test_no_paths_give_an_empty_file() -> None:
    assert path_prefixes([]) == b""


def ask(tmp_path: Path, pages: tuple[str, ...], requests: list[str]) -> list[bool | None]:
    file = tmp_path / "paths.bin"
    file.write_bytes(path_prefixes(pages))
    command = ["node", "-e", READ, str(LIBRARY_FOLDER), str(file), json.dumps(requests)]
    answers = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: list[bool | None] = json.loads(answers)
    return found


@pytest.mark.node
def test_pages_and_their_other_spellings_are_known(tmp_path: Path) -> None:
    known = [
        "/",
        "/index.html",
        "/blog/post/",
        "/blog/post",
        "/blog/post/index.html",
        "/blog/k%C3%A4se/",
        "/blog/k%c3%a4se",
        "/blog/ka%CC%88se/",
        "/blog/käse/",
        "/blog/%E6%BC%A2%E5%AD%97/",
        "/data.xml",
        "/data.xml/",
    ]
    assert ask(tmp_path, PAGES, known) == [True] * len(known)


@pytest.mark.node
def test_strangers_are_unknown(tmp_path: Path) -> None:
    strangers = [
        "/blog/",
        "/blog/post/x",
        "/blog/postindex.html",
        "/BLOG/post/",
        "/blog/k%25C3%25A4se/",
    ]
    assert ask(tmp_path, PAGES, strangers) == [False] * len(strangers)


@pytest.mark.node
def test_a_path_is_one_where_python_says_so(tmp_path: Path) -> None:
    strange = ["/%zz", "/%", "/%4", "/%ff", "/%c3", "/a%00", "/%ed%a0%80"]
    paths = map(decode_path, strange)
    assert ask(tmp_path, PAGES, strange) == [None if path is None else False for path in paths]
    assert ask(tmp_path, ("/%zz/",), ["/%zz/", "/%25zz/"]) == [True, True]


@pytest.mark.node
def test_every_one_of_many_pages_is_found(tmp_path: Path) -> None:
    pages = tuple(f"/archive/{number}/" for number in range(2000))
    assert ask(tmp_path, pages, list(pages)) == [True] * 2000
    assert not any(ask(tmp_path, pages, [f"/other/{number}/" for number in range(2000)]))
    assert not any(ask(tmp_path, (), ["/", "/archive/1/"]))


BLOCKS = """
const { Membership } = require(process.argv[1] + '/paths.js');
const { Blocks } = require(process.argv[1] + '/texts.js');
const [paths, blocks] = process.argv.slice(2, 4).map((name) => require('fs').readFileSync(name));
const known = new Membership(paths);
const found = new Blocks(blocks, known.count);
console.log(JSON.stringify(JSON.parse(process.argv[4]).map((path) => found.of(known.find(path)))));
"""


@pytest.mark.node
@pytest.mark.parametrize(
    "last", [(), (None, None), ("0f" * 16,), ("0f" * 16, "f0" * 16), (None, "f0" * 16)]
)
def test_every_page_has_its_blocks(tmp_path: Path, last: tuple[str | None, ...]) -> None:
    pages = {f"/archive/{number}/": (f"{number // 32 + 1:032x}",) for number in range(999)}
    blocks: dict[str, tuple[str | None, ...]] = {**pages, "/list/": last}
    files = [tmp_path / "paths.bin", tmp_path / "blocks.bin"]
    files[0].write_bytes(path_prefixes(blocks))
    files[1].write_bytes(block_numbers(by_prefix(blocks.items()).values()))
    command = ["node", "-e", BLOCKS, str(LIBRARY_FOLDER), *map(str, files), json.dumps([*blocks])]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(found) == [list(filter(None, digests)) for digests in blocks.values()]
