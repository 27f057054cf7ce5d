"""MkDocs and Python-Markdown: cases that the site in `sites/` does not cover."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.imported_site import ImportNotes
from ssg.importers.markup import python_markdown
from ssg.importers.markup.outside_code import LineFinder
from tests.importers.old import Imported

Old = Callable[..., Imported]


def _convert(text: str) -> str:
    return python_markdown.convert(text, "a.md", LineFinder(text, 1), ImportNotes()).strip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!! note\n    A\n\n    B\n\nC", "> [!NOTE]\n> A\n>\n> B\n\nC"),
        ('!!! danger "Stop"\n    A', "> [!CAUTION] Stop\n> A"),
        ('!!! note ""\n    A', "> [!NOTE]\n> A"),
        ("!!! example inline end\n    A", "> [!NOTE] Example\n> A"),
        ("- x\n\n    !!! tip\n        A", "- x\n\n    > [!TIP]\n    > A"),
        ('???+ note "T"\n    A', "<details open>\n<summary>T</summary>\n\nA\n\n</details>"),
        ('=== "A"\n    1\n\n=== "B"\n    2', "**A**\n\n1\n\n**B**\n\n2"),
        ("    :::py\n    x", "```py\nx\n```"),
        (
            "``` {.py #i title='x'}\ny\n```",
            "``` py {title='x'}\ny\n```".replace("``` py", "``` py"),
        ),
        ("## A {: #b .c }", "## A {#b .c}"),
        ("[a](b){: .c}", "[a](b)"),
        ("![a](b){ width=10 }", "![a](b)"),
        ("==a== ^^b^^ ++c+d++", "<mark>a</mark> <ins>b</ins> <kbd>C</kbd>+<kbd>D</kbd>"),
        ("`==a==`", "`==a==`"),
        ("a == b == c", "a == b == c"),
        ("```\n!!! note\n    A\n```", "```\n!!! note\n    A\n```"),
        ("!!!\n    A", "!!!\n    A"),
        ("a {b} {0} ${x}", "a {b} {0} ${x}"),
    ],
)
def test_markup_is_converted(text: str, expected: str) -> None:
    assert _convert(text).replace("```py {", "``` py {") == expected


MARKUP = st.lists(
    st.sampled_from(
        ["!!! note", '??? tip "x"', '=== "a"', "    a", "        b", "", "text", "- item", "```",
         "[TOC]", "## h {: .x }", "    :::py", "++a++", "<div>", "</div>", "!!! note \"", "\ta"]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@given(MARKUP)
def test_the_converter_never_fails(text: str) -> None:
    found = _convert(text)
    assert found.count("text") == text.count("text")


def test_yaml_tags_run_no_code(old: Old) -> None:
    config = (
        "site_name: A\n"
        "extra:\n  a: !ENV HOME\n  b: !ENV [X, c]\n  d: !!python/name:os.system\n"
        "  e: !!python/object/apply:os.system [exit]\n"
    )
    extra = old("mkdocs", {"mkdocs.yml": config}).config["extra"]
    assert extra == {"b": "c", "d": "name:os.system", "e": "object/apply:os.system"}


def test_addresses_without_a_final_slash(old: Old) -> None:
    files = {"mkdocs.yml": "use_directory_urls: false\n", "docs/a/b.md": "# B\n",
             "docs/a/index.md": "# A\n"}  # fmt: skip
    found = old("mkdocs", files)
    assert "path: /a/b.html" in found.page("a/b.md")
    assert "path:" not in found.page("a/_index.md")


def test_pages_are_in_the_order_of_nav(old: Old) -> None:
    config = "nav:\n  - B: b.md\n  - Sub: [sub/d.md, sub/c.md]\n  - a.md\n"
    files = {
        "mkdocs.yml": config,
        **{f"docs/{n}.md": "x\n" for n in ("a", "b", "sub/c", "sub/d", "z")},
    }
    found = old("mkdocs", files)
    weights = {path: int(text.partition("weight: ")[2].partition("\n")[0])
               for path, text in found.texts.items() if "\nweight: " in text}  # fmt: skip
    order = sorted(weights, key=lambda path: (weights[path], path))
    assert [path.removeprefix("content/") for path in order] == [
        "b.md", "sub/_index.md", "sub/d.md", "sub/c.md", "a.md", "z.md",
    ]  # fmt: skip
    assert "title: Sub\n" in found.page("sub/_index.md")
    assert found.config["menus"]["main"] == [
        {"name": "B", "page": "b.md", "weight": 10},
        {"name": "Sub", "page": "sub/_index.md", "weight": 20},
        {"page": "a.md", "weight": 30},
    ]


def test_a_configuration_may_inherit(old: Old) -> None:
    files = {"mkdocs.yml": "INHERIT: base.yml\nsite_name: B\n",
             "base.yml": "site_name: A\nsite_author: Ana\n"}  # fmt: skip
    found = old("mkdocs", files)
    assert (found.config["title"], found.config["author"]) == ("B", "Ana")


def test_snippets_are_expanded(old: Old) -> None:
    config = "markdown_extensions:\n  - pymdownx.snippets: {base_path: [parts]}\n"
    files = {
        "mkdocs.yml": config,
        "docs/a.md": '- x\n\n    --8<-- "p.md"\n',
        "parts/p.md": "one\ntwo\n",
    }
    assert old("mkdocs", files).body("a.md") == "- x\n\n    one\n    two"


LANGUAGES = """
site_name: A
plugins:
  - i18n:
      docs_structure: {}
      languages:
        - {{locale: fr, name: Français}}
        - {{locale: en, name: English, default: true}}
nav: [b.md, a.md]
"""


@pytest.mark.parametrize(
    ("structure", "files"),
    [
        ("suffix", ["a.md", "b.md", "a.fr.md", "img/x.svg"]),
        ("folder", ["en/a.md", "en/b.md", "fr/a.md", "en/img/x.svg"]),
    ],
)
def test_languages_of_the_plugin(old: Old, structure: str, files: list[str]) -> None:
    texts = {f"docs/{name}": "x\n" for name in files}
    found = old("mkdocs", {"mkdocs.yml": LANGUAGES.format(structure), **texts})
    assert found.config["languages"] == {"en": {"name": "English"}, "fr": {"name": "Français"}}
    assert found.paths == [
        "content/_index.md", "content/a.fr.md", "content/a.md", "content/b.md",
        "content/img/x.svg",
    ]  # fmt: skip
    assert "path:" not in found.page("a.fr.md")
    assert "weight: 20\n" in found.page("a.fr.md")
