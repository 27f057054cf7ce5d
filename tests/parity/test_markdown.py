"""Deep and long Markdown is rendered in Pyodide, too, whose stack is smaller."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.pathological import INPUTS
from ssg.targets.netlify.function import local_function
from tests.parity.conftest import build_twice
from tests.parity.test_parity import differing

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("parity")]

CONFIG = """\
theme = ""
base_url = "https://example.org/"
[deferred]
rules = [{ match = "**" }]
"""


def _bodies(marker: str) -> str:
    """Shortcodes in bodies of shortcodes, each deep in blocks."""
    text = "end"
    for _ in range(9):
        lines = f"{{% a() %}}\n{text}\n{{% end %}}"
        text = marker * 9 + lines.replace("\n", "\n" + marker.replace("-", " ") * 9)
    return text


def test_the_function_renders_what_the_build_renders(tmp_path: Path) -> None:
    texts = {name: text(400) for name, text in INPUTS.items() if "bod" not in name}
    texts |= {"quoted": _bodies("> "), "listed": _bodies("- "), "both": _bodies("- > ")}
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "templates" / "shortcodes").mkdir(parents=True)
    (root / "ssg.toml").write_text(CONFIG)
    for name in ("page", "section", "404"):
        (root / "templates" / f"{name}.html").write_text("{{ page.content }}")
    (root / "templates" / "shortcodes" / "a.html").write_text("<i>{{ body }}</i>")
    for number, text in enumerate(texts.values()):
        (root / "content" / f"{number}.md").write_text(text.replace("b.md", "0.md"))
    twice = build_twice(root, tmp_path / "work")
    assert twice.deferred.deferred >= len(texts)
    with local_function(twice.function_dir) as host:
        assert differing(twice, host.answer) == []
