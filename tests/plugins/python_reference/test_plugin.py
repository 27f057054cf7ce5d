"""The plugin in a site: its options, what is wrong with sources, and a build from end to end."""

from __future__ import annotations

import ast
import html
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from ssg.config.table import Table
from ssg.content.build_hooks import BuildHooks, SourcePage
from ssg.model.errors import HookError, Location
from ssg.plugins.python_reference import plugin
from ssg.plugins.python_reference.options import read_options
from ssg.plugins.python_reference.pages import pages
from tests.conftest import BARE, Built, write
from tests.plugins.python_reference.reading import read

REPOSITORY = Path(__file__).parents[3]
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
NAME = "python-reference"
ENTRY_POINT = PYPROJECT["project"]["entry-points"]["ssg.build_plugins"][NAME]


@pytest.fixture(autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin is found as its entry point says, however this ssg came here."""
    folder = tmp_path_factory.mktemp("installed")
    point = f"[ssg.build_plugins]\n{NAME} = {ENTRY_POINT}\n"
    metadata = "Metadata-Version: 2.1\nName: shipped\nVersion: 1\n"
    write(folder, {"shipped-1.dist-info/METADATA": metadata,
                   "shipped-1.dist-info/entry_points.txt": point})  # fmt: skip
    monkeypatch.syspath_prepend(str(folder))


def _site(options: str, **files: str) -> Mapping[str, str]:
    config = f'plugins = ["{NAME}"]\n\n[extra.python_reference]\n{options}'
    return {**BARE, "content/_index.md": "Home", "ssg.toml": BARE["ssg.toml"] + config, **files}


def test_the_entry_point_names_the_plugin() -> None:
    module, _, function = ENTRY_POINT.partition(":")
    assert getattr(import_module(module), function) is plugin.setup


def test_a_site_has_the_pages(site: Callable[..., Built]) -> None:
    source = '"""Boats."""\nclass Boat:\n    """A boat."""\ndef sail(boat: Boat) -> None: ...\n'
    link = "[Boat](@/api/boats/Boat.md)"
    built = site(_site('packages = ["boats"]\n', **{"src/boats.py": source, "content/a.md": link}))
    wanted = ["/", "/a/", "/api/", "/api/boats/", "/api/boats/boat/", "/api/boats/sail/"]
    assert [path for path in built.paths if path in wanted] == sorted(wanted)
    assert built.page("/api/boats/").title == "boats"
    assert 'boat: <a href="../boat/">Boat</a>' in built.read("api/boats/sail/index.html")
    assert 'href="/api/boats/boat/"' in built.read("a/index.html")


def test_code_in_a_table_is_no_text(site: Callable[..., Built]) -> None:
    """Neither links nor typographic signs come of it."""
    source = "class Boat:\n    home: tuple[int, ...] = 'https://example.org/--x'\n"
    markdown = "[markdown]\nsmart_punctuation = true\n"
    files = _site(f'packages = ["boats"]\n\n{markdown}', **{"boats.py": source})
    page = site(files).read("api/boats/boat/index.html")
    assert "'https://example.org/--x'" in html.unescape(re.sub("<[^>]+>", "", page))
    assert "tuple[int, ...]" in html.unescape(re.sub("<[^>]+>", "", page))
    assert 'href="https://example.org/--x' not in page


def test_a_page_is_deferred_by_the_sites_rules(site: Callable[..., Built]) -> None:
    rules = '\n[[deferred.rules]]\nmatch = "api/**"\n'
    files = _site(f'packages = ["boats"]\n{rules}', **{"boats.py": "class Boat: ..."})
    assert site(files, target="netlify").page("/api/boats/boat/").deferred


URL = "Write https://example.org/boats/blob/main/{file}#L{line}"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("order = 'source'", '5:1: the plugin "python-reference" has no "packages". Name the '
                             'packages to document: packages = ["boats"]'),
        ("packages = ['a b']", '6:1: "a b" is not the name of a package. Write boats.harbour'),
        ("packages = ['a.x', 'b.X']", '6:1: "a.x" and "b.X" would have the same addresses'),
        ("packages = ['boat']",
         '6:1: there is no package "boat" in ".", "src". Did you mean "boats"?'),
        ("packages = ['other']", '6:1: there is no package "other" in ".", "src". '
                                 'search_paths names the folders that contain packages'),
        ("packages = ['boats.harbor']", '6:1: there is no module "harbor" in the package "boats". '
                                        'Did you mean "harbour"?'),
    ],
)  # fmt: skip
def test_packages_that_are_not_there_are_told(
    problems: Callable[..., list[str]], line: str, wanted: str
) -> None:
    files = {"boats/__init__.py": "", "boats/harbour.py": ""}
    assert problems(_site(line, **files)) == [f"ssg.toml:{wanted}"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("foldr = 'x'", 'unknown key "foldr". Did you mean "folder"?'),
        ("folder = '../x'", '"folder" is not a folder below content: "../x". Write api'),
        ("members = 'publik'", '"members" cannot be "publik". Did you mean "public"?'),
        ("docstrings = 'rest'", '"docstrings" cannot be "rest". '
                                'One of auto, google, numpy, sphinx, markdown'),
        ("inherited = 'yes'", '"inherited" must be true or false, not the text "yes"'),
        ("source_url = 'https://x/{fil}'", f'"source_url" cannot fill in {{fil}}. {URL}'),
        ("source_url = 'https://x/'", f'"source_url" needs {{file}}. {URL}'),
    ],
)  # fmt: skip
def test_a_wrong_option_is_told_with_its_place(
    problems: Callable[..., list[str]], line: str, wanted: str
) -> None:
    options = f'packages = ["boats"]\n{line}\n'
    assert problems(_site(options, **{"boats.py": ""})) == [f"ssg.toml:7:1: {wanted}"]


@pytest.mark.parametrize(
    ("name", "source", "wanted"),
    [
        ("boats/a.py", b"x = 1\ndef f(:\n", r"boats/a\.py:2:\d+: this is not valid Python: .+"),
        ("boats/__init__.py", b"\n(", r"boats/__init__\.py:2:\d+: this is not valid Python: .+"),
        ("boats/a.py", b"x = '\0'\n", r"boats/a\.py\S*: this is not valid Python: .+"),
        ("boats/a.py", b"\n'\xff'\n", r"boats/a\.py:2: the file is not UTF-8\. Save it as UTF-8"),
        ("boats/__init__.py", b"'\xff'\n", r"boats/__init__\.py:1: the file is not UTF-8.+"),
        ("boats.py", b"'\xff'\n", r"boats\.py:1: the file is not UTF-8.+"),
    ],
)
def test_a_source_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, name: str, source: bytes, wanted: str
) -> None:
    others = {"boats/__init__.py": "", "boats/b.py": "x = 1\n"} if "/" in name else {}
    write(tmp_path, {**others, name: source})
    with pytest.raises(HookError) as caught:
        read(tmp_path, "boats")
    (problem,) = caught.value.problems
    assert re.fullmatch(wanted, str(problem))


def test_every_source_with_a_fault_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"p/__init__.py": "", "p/a.py": "(", "p/b.py": "(", "p/c.so": b"\x7fELF"})
    with pytest.raises(HookError) as caught:
        read(tmp_path, "p")
    assert len(caught.value.problems) == 2


def test_nothing_is_imported_or_run(tmp_path: Path) -> None:
    source = "import nothing_that_is_there\nraise SystemExit\ndef f(): ...\n"
    write(tmp_path, {"p/__init__.py": source, "p/__main__.py": "1 / 0\n", "p/setup.py": "1 / 0\n"})
    assert "api/p/f.md" in [page.source for page in read(tmp_path, "p")]
    assert "p" not in sys.modules


def test_without_griffe_a_build_says_what_to_install(
    problems: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "find_spec", lambda _: None)
    (line,) = problems(_site('packages = ["boats"]\n'))
    wanted = 'the plugin "python-reference" needs the package griffelib. '
    assert line == wanted + 'Run pip install "ssg[reference]"'


def test_griffe_is_read_by_sites_that_ask_for_it_only() -> None:
    code = "import sys, ssg.plugins.python_reference.plugin; assert 'griffe' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True)


# -- the reference of ssg itself ---------------------------------------------------------------


@pytest.fixture(scope="module")
def own_pages() -> dict[str, SourcePage]:
    hooks = BuildHooks()
    table = Table(PYPROJECT["tool"]["ssg"]["extra"]["python_reference"], hooks.problems,
                  lambda _: Location("pyproject.toml"))  # fmt: skip
    options = read_options(table)
    assert hooks.problems == []
    return {page.source: page for page in pages(REPOSITORY, options, raw_html=True)}


def test_every_public_name_of_ssg_has_a_page(own_pages: dict[str, SourcePage]) -> None:
    missing = []
    for package in PYPROJECT["tool"]["ssg"]["extra"]["python_reference"]["packages"]:
        room = package.rpartition(".")[2]
        for file in (REPOSITORY / "ssg" / room).rglob("*.py"):
            place = file.relative_to(REPOSITORY / "ssg").with_suffix("").as_posix()
            folder = f"api/{place}".removesuffix("/__init__")
            body = ast.parse(file.read_text("utf-8")).body
            names = [
                node.name
                for node in body
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_"
            ]
            wanted = [f"{folder}/_index", *(f"{folder}/{name}" for name in names)]
            made = {source.removesuffix(".md").removesuffix("-2") for source in own_pages}
            missing += [one for one in wanted if one not in made]
    assert missing == []
    assert len(own_pages) > 500


def test_types_are_linked_between_symbols(own_pages: dict[str, SourcePage]) -> None:
    text = own_pages["api/runtime/respond/respond.md"].text
    assert 'renderer: <a href="../../tagged_renderer/taggedrenderer/">TaggedRenderer</a>' in text
    assert '<a href="../../http/response/">Response</a>' in text
    assert "Source: `ssg/runtime/respond.py`, line" in text


def test_no_page_leads_to_one_that_is_not_there(own_pages: dict[str, SourcePage]) -> None:
    targets = {
        target
        for page in own_pages.values()
        for target in re.findall(r"\]\(@/(api/[^)#]+)", page.text)
    }
    assert len(targets) > 10
    assert targets <= {*own_pages}
