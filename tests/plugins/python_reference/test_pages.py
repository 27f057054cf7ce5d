"""What the pages say of packages in each style of docstrings."""

from __future__ import annotations

import html
import os
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import write
from tests.plugins.python_reference.reading import HERE, read, text_of

PACKAGES = HERE / "packages"


@pytest.mark.parametrize("style", ["google", "markdown", "numpy", "sphinx"])
@pytest.mark.parametrize("option", ["auto", "named"])
def test_each_style_gives_the_expected_pages(style: str, option: str, tmp_path: Path) -> None:
    """`SSG_UPDATE=1` writes what there is: look at the difference before it is committed."""
    write(tmp_path, {"content/about.md": ""})
    if style == "markdown" and option == "auto":
        pytest.skip("its text has the signs of Google's style")
    made = read(
        tmp_path, f"{style}_boats", search_paths=(str(PACKAGES),), inherited=True,
        docstrings=style if option == "named" else "auto",
        source_url="https://example.org/{file}#L{line}",
    )  # fmt: skip
    expected = HERE / "expected" / f"{style}.md"
    if os.environ.get("SSG_UPDATE"):
        expected.write_text(text_of(made), "utf-8")
    assert text_of(made) == expected.read_text("utf-8")


def test_the_same_sources_give_the_same_pages() -> None:
    assert read(PACKAGES, "google_boats") == read(PACKAGES, "google_boats")


def test_all_members_are_shown_if_the_site_asks_for_them() -> None:
    sources = {page.source for page in read(PACKAGES, "google_boats", members="all")}
    assert sources >= {
        "api/google_boats/not_listed.md",
        "api/google_boats/_hidden/_index.md",
        "api/google_boats/_hidden/Anchor.md",
        "api/google_boats/_hidden/NotExported.md",
    }
    assert "api/google_boats/Anchor.md" not in sources


def _titles(folder: Path, **options: object) -> list[str]:
    return [page.front["title"] for page in read(folder, "google_boats", **options)]  # type: ignore[arg-type]


def test_members_are_in_the_order_of_the_source_or_of_the_alphabet() -> None:
    names = ["Colour", "Boat", "sail()", "find()", "Find()"]
    assert _titles(PACKAGES)[-5:] == names
    assert _titles(PACKAGES, order="alphabetical")[-5:] == sorted(
        names, key=lambda name: (name.lower(), name)
    )


def test_modules_are_left_out_by_patterns() -> None:
    assert "google_boats.boat" not in _titles(PACKAGES, exclude=("*.boat",))
    assert "Anchor" in _titles(PACKAGES, exclude=("google_boats.boat",))


def test_a_module_of_a_package_can_be_all_that_is_documented() -> None:
    made = read(PACKAGES, "google_boats.boat", folder="code/python")
    assert [page.source for page in made[:3]] == [
        "code/python/_index.md",
        "code/python/boat/_index.md",
        "code/python/boat/Colour.md",
    ]


def test_a_section_of_the_sites_own_stays(tmp_path: Path) -> None:
    write(tmp_path, {"content/api/_index.md": "Own", "m.py": ""})
    assert [page.source for page in read(tmp_path, "m")] == ["api/m/_index.md"]


def test_no_two_pages_have_addresses_that_differ_in_case_only(tmp_path: Path) -> None:
    """A module and a function of one name; a class and a function; a name that sections have."""
    sources = {
        "p/__init__.py": "def f(): ...\nclass F: ...\nclass Sail: ...\nclass index: ...\n",
        "p/sail.py": "def sail(): ...\n",
        "p/_index.py": "",
    }
    write(tmp_path, sources)
    made = [page.source for page in read(tmp_path, "p", members="all")]
    folders = [source.removesuffix(".md").removesuffix("/_index").lower() for source in made]
    assert len({*folders}) == len(folders)
    assert {*made} >= {
        *("api/p/f.md", "api/p/F-2.md", "api/p/sail/_index.md", "api/p/Sail-2.md"),
        *("api/p/index-2.md", "api/p/_index-2/_index.md", "api/p/sail/sail.md"),
    }


def test_without_html_code_is_markdown(tmp_path: Path) -> None:
    doc = '"""F.\n\n    Args:\n        a: A.\n    """'
    write(tmp_path, {"m.py": f"def f(a: int | None = 1) -> str:\n    {doc}\n"})
    text = read(tmp_path, "m", raw_html=False)[-1].text
    assert "<" not in text
    assert text.startswith("```python\ndef f(a: int | None = 1) -> str\n```\n")
    assert "| `a` | `int \\| None` | `1` | A. |" in text


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f(a, /, b, *, c): ...", "def f(a, /, b, *, c)"),
        ("def f(a, b, /): ...", "def f(a, b, /)"),
        ("def f(*a: int, **k: str): ...", "def f(*a: int, **k: str)"),
        ("def f(a=b'x', c=1.5): ...", "def f(a=b'x', c=1.5)"),
        ("async def f() -> 'C | None': ...", "async def f() -> C | None"),
        ("class C:\n    def f(self): ...", "class C"),
        ("class C(A, metaclass=M): ...", "class C(A, metaclass=M)"),
        ("class C:\n    def __init__(self, a=1): ...", "class C\n\nC(a=1)"),
        ("class C:\n    x: int\n    def __init__(self): ...", "class C"),
    ],
)  # fmt: skip
def test_a_signature_is_written_as_in_the_source(tmp_path: Path, source: str, line: str) -> None:
    write(tmp_path, {"m.py": source + "\n"})
    (code,) = re.findall(r"<pre[^>]*><code>(.*?)</code>", read(tmp_path, "m")[-1].text, re.S)[:1]
    assert html.unescape(re.sub(r"<[^>]+>", "", code)) == line


def test_a_member_keeps_its_id_from_a_heading(tmp_path: Path) -> None:
    write(tmp_path, {"m.py": "class C:\n    methods: int\n    def attributes(self): ...\n"})
    text = read(tmp_path, "m")[-1].text
    assert "## Methods {#methods-section}" in text
    assert "## Attributes {#attributes-section}" in text
    assert '<code id="methods">' in text


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python reads its own grammar only")
def test_syntax_of_new_versions(tmp_path: Path) -> None:
    source = "type Pair[T] = tuple[T, C]\nclass C[T: int]: ...\ndef f[*A, **P](x: Pair): ...\n"
    write(tmp_path, {"m.py": source})
    module, class_, function = (html.unescape(page.text) for page in read(tmp_path, "m")[1:])
    assert "### Pair {#Pair}" in module
    assert '= <span class="nb">tuple</span>[T, <a href="c/">C</a>]' in module
    assert "[T: " in class_ and "[*A, **P]" in function
