"""Python of the site's own at build time: pages on their way in, and the end of a build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Built, write

HOOKS = """\
import pathlib

def setup(hooks):
    @hooks.on_page
    def mark(page):
        if page.source.startswith("blog/"):
            page.front.setdefault("tags", ["blog"])
        page.front["title"] = page.source + str(len(page.text))

    @hooks.on_build_done
    def note(report):
        pathlib.Path(__file__).with_name("done.txt").write_text(f"{report.critical}")
"""
FILES = {"content/a.md": "x", "content/blog/b.md": "---\ntitle: B\n---\nxyz"}


def test_front_matter_is_what_a_hook_makes_of_it(site: Callable[..., Built]) -> None:
    built = site({**FILES, "build_hooks.py": HOOKS})
    assert built.page("/a/").title == "a.md1"
    assert built.page("/blog/b/").title == "blog/b.md3"
    assert "/tags/blog/" in built.paths


def test_the_end_of_a_build_is_told(site: Callable[..., Built]) -> None:
    built = site({**FILES, "build_hooks.py": HOOKS})
    assert (built.root / "done.txt").read_text() == str(built.report.critical)


def test_build_hooks_do_not_travel(site: Callable[..., Built]) -> None:
    built = site({**FILES, "build_hooks.py": "import yaml\n" + HOOKS})
    assert built.site.module_names() == []
    assert not (built.root / "__pycache__").exists()


def test_what_a_hook_changes_is_in_the_build_id(site: Callable[..., Built]) -> None:
    code = "def setup(hooks):\n    hooks.on_page(lambda page: page.front.update(title='{}'))\n"
    first = site({**FILES, "build_hooks.py": code.format(1)}).report.content_id
    assert site({"build_hooks.py": code.format(1) + "# same"}).report.content_id == first
    assert site({"build_hooks.py": code.format(2)}).report.content_id != first


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("def setup(hooks:\n", "build_hooks.py:1: not valid Python: '(' was never closed"),
        ("1 / 0\n", "build_hooks.py:1: ZeroDivisionError: division by zero"),
        ("x = 1\n", "build_hooks.py: there is no function setup(hooks)"),
        (
            "def setup(hooks):\n    @hooks.on_page\n    def f(page):\n        page.nope\n",
            "build_hooks.py:4: AttributeError: 'SourcePage' object has no attribute 'nope' "
            "(for content/a.md)",
        ),
        (
            "def setup(hooks):\n    @hooks.on_build_done\n    def f(report):\n        1 / 0\n",
            "build_hooks.py:4: ZeroDivisionError: division by zero (for the end of the build)",
        ),
        (
            "def setup(hooks):\n    hooks.on_page(lambda page: page.front.update(weight='x'))\n",
            'content/a.md:1: "weight" must be a whole number, not the text "x"',
        ),
    ],
)
def test_a_hook_that_fails_is_told(
    problems: Callable[..., list[str]], code: str, line: str
) -> None:
    assert problems({"content/a.md": "x", "build_hooks.py": code}) == [line]


def test_a_failure_in_a_module_of_the_sites_own_is_told_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: Callable[..., list[str]]
) -> None:
    """And not in Python's own code, where it comes to light."""
    write(tmp_path / "own", {"ownmade.py": "import json\n\ndef f(page):\n    json.loads('{')\n"})
    monkeypatch.syspath_prepend(str(tmp_path / "own"))
    code = "import ownmade\ndef setup(hooks):\n    hooks.on_page(ownmade.f)\n"
    (line,) = problems({"content/a.md": "x", "build_hooks.py": code})
    assert line.startswith(f"{tmp_path}/own/ownmade.py:4: JSONDecodeError: ")


def test_a_plugin_may_bring_build_hooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Callable[..., Built]
) -> None:
    write(
        tmp_path / "packages",
        {
            "plugb.py": "import yaml\ndef begin(hooks):\n"
            "    hooks.on_page(lambda page: page.front.update(title='by plugin'))\n",
            "plugb-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: plugb\nVersion: 1\n",
            "plugb-1.dist-info/entry_points.txt": "[ssg.build_plugins]\nplugb = plugb:begin\n",
        },
    )
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    built = site({**FILES, "ssg.toml": 'theme = ""\nplugins = ["plugb"]\n'})
    assert built.page("/a/").title == "by plugin"
    assert built.site.module_names() == []
