"""Blocks of code on all pages are right: see `tests/docs/blocks.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.queries.site import Site
from tests.docs.blocks import Block, blocks, faults

CONTENT = Path(__file__).parents[2] / "content"
PAGES = {
    file.relative_to(CONTENT).as_posix(): list(
        blocks(file.read_text("utf-8"), file.relative_to(CONTENT).as_posix())
    )
    for file in sorted(CONTENT.rglob("*.md"))
}
BLOCKS = [block for page in PAGES.values() for block in page if not block.is_fragment]
MOST_FRAGMENTS = 12


@pytest.fixture(scope="module")
def any_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    from tests.conftest import BARE, build_site, write

    root = tmp_path_factory.mktemp("site")
    write(root, {**BARE, "content/a.md": "x"})
    return build_site(root).site


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_right(block: Block, any_site: Site, tmp_path: Path) -> None:
    assert faults(block, PAGES[block.page], any_site, tmp_path) == []


def test_few_blocks_are_left_alone() -> None:
    left = [str(block) for page in PAGES.values() for block in page if block.is_fragment]
    assert len(left) <= MOST_FRAGMENTS, left
    assert len(BLOCKS) > 150


PAGE = """\
```toml title="x/theme.toml"
a = 1
```

1. Indented:

   ```yaml fragment
   a: 1
   ```

````markdown
```toml
x
```
````
"""


def test_blocks_are_found_with_their_files_and_lines() -> None:
    assert list(blocks(PAGE, "a.md")) == [
        Block("a.md", 2, "toml", "x/theme.toml", "a = 1\n"),
        Block("a.md", 8, "yaml", "", "a: 1\n", is_fragment=True),
        Block("a.md", 12, "markdown", "", "```toml\nx\n```\n"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("toml", "titel = 'x'", 'unknown key "titel"'),
        ("toml", "title = ", "Invalid value"),
        ("toml", "# netlify.toml\ntitle = 1", "netlify.toml has no title"),
        ("yaml", "weight: heavy", '"weight" must be a whole number'),
        ("yaml", "tittle: x", 'unknown key "tittle"'),
        ("yaml", "a: b: c", "YAML: "),
        ("yaml", "# .github/x.yml\n- a", "no table"),
        ("markdown", "---\nttl: 0\n---\n", '"ttl" is 0'),
        ("python", "def f(:", "invalid syntax"),
        ("python", "def setup(hooks):\n    hooks.nope()", "has no attribute"),
        ("jinja", "{% if x %}", "Unexpected end of template"),
        ("jinja", "{{ x | nope }}", "No filter named"),
        ("json", "{", "Expecting property name"),
        ("sh", "if", "syntax error"),
        ("sh", "ssg build --nope", "ssg build has no option --nope"),
        ("console", "$ ssg nope\n", "no command nope"),
        ("klingon", "x", "unknown language klingon"),
    ],
)
def test_what_is_wrong_is_found(
    language: str, text: str, fault: str, any_site: Site, tmp_path: Path
) -> None:
    (block,) = blocks(f"```{language}\n{text}\n```\n", "a.md")
    (found,) = faults(block, [block], any_site, tmp_path)
    assert fault in found


def test_filters_of_a_page_are_known_to_its_templates(any_site: Site, tmp_path: Path) -> None:
    code = "def setup(hooks):\n    hooks.filter(str, 'shout')"
    page = list(blocks(f"```python\n{code}\n```\n\n```jinja\n{{{{ x | shout }}}}\n```\n", "a.md"))
    assert faults(page[1], page, any_site, tmp_path) == []
