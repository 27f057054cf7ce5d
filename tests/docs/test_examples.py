"""The commands of the documentation print what it says: see `tests/docs/examples.py`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.examples import Command, File, Reader, assert_same, steps

DOCS = Path(__file__).parents[2] / "content" / "docs"
PAGES = [
    "getting-started.md",
    "guides/a-blogging-platform.md",
    "guides/add-search.md",
    "guides/debug-a-deferred-page.md",
    "guides/decide-what-to-defer.md",
    "guides/deploy-to-netlify.md",
    "guides/deploy-without-going-cold.md",
    "guides/document-python-code.md",
    "guides/extend-with-python.md",
    "guides/keep-popular-pages-rendered.md",
    "guides/live-pages-in-ten-minutes.md",
    "guides/make-pages-from-data.md",
    "guides/several-languages.md",
    "guides/write-a-theme.md",
    pytest.param("tutorial.md", marks=[pytest.mark.node, pytest.mark.xdist_group("node")]),
]


def test_every_guide_with_commands_to_follow_is_followed() -> None:
    guides = {f"guides/{file.name}" for file in (DOCS / "guides").glob("*.md")}
    followed = {name for name in PAGES if isinstance(name, str)}
    assert guides - followed == {
        "guides/_index.md", "guides/caches-in-front-of-a-server.md",
        "guides/deploy-a-server.md", "guides/run-in-ci.md", "guides/very-large-sites.md",
    }  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_reader_sees_what_the_page_says(name: str, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    with Reader(tmp_path) as reader:
        for step in steps((DOCS / name).read_text("utf-8")):
            reader.follow(step)


PAGE = """\
Some `$ words`.

```console
$ echo one \\
$ echo two
two
```

```sh
rm -rf /
```

```markdown title="a/b.md"
text
```
"""


def test_steps_are_commands_with_outputs_and_files() -> None:
    assert list(steps(PAGE)) == [
        Command(4, "echo one \\", ""), Command(5, "echo two", "two\n"),
        File(13, "a/b.md", "text\n"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("a\n", "a\n"),
        ("time  0.12 s\n", "scan\nrender (9)\ntime  3.40 s\n"),
        ("publish  /x (3 files)\n", "publish  /x (14 files)\n"),
        ("a\n...\nb\n", "a\n1\n2\nb\n"),
        ("", ""),
    ],
)
def test_what_varies_may_differ(wanted: str, printed: str) -> None:
    assert_same(Command(1, "x", wanted), printed)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("a\n", "b\n"),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("12 pages\n", "13 pages\n"),
        ("", "a\n"),
    ],
)
def test_anything_else_may_not(wanted: str, printed: str) -> None:
    with pytest.raises(AssertionError, match=r"line 1: \$ x"):
        assert_same(Command(1, "x", wanted), printed)


def test_a_command_that_fails_is_a_failure(tmp_path: Path) -> None:
    with Reader(tmp_path) as reader, pytest.raises(AssertionError, match="status 3"):
        reader.follow(Command(1, "exit 3", ""))
