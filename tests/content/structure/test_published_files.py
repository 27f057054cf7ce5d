"""Copied files: fingerprints, hashes, minified style sheets and scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from tests.conftest import Built

CSS = "a {\n  color : red;\n}\n"
BUSTED = {
    "content/a.md": "",
    "templates/page.html": "{{ get_url('s.css', cachebust=true) }}",
    "static/s.css": CSS,
    "static/x/t.min.js": "let x",
    "static/i.png": b"\x89PNG",
}


def _hash(text: str) -> str:
    return hashlib.sha384(text.encode()).hexdigest()[:10]


def test_a_second_copy_has_the_hash_in_its_name(site: Callable[..., Built]) -> None:
    built = site(BUSTED)
    double = f"s.{_hash(CSS)}.css"
    assert built.read("a/index.html") == "/" + double
    assert built.read(double) == built.read("s.css") == CSS
    assert f"x/t.min.{_hash('let x')}.js" in built.files
    assert [name for name in built.files if name.endswith("png")] == ["i.png"]


def test_without_a_template_that_asks_there_is_one_copy(site: Callable[..., Built]) -> None:
    built = site({**BUSTED, "templates/page.html": "{{ get_integrity('s.css') }}"})
    assert [name for name in built.files if name.endswith("css")] == ["s.css"]
    assert built.site.fingerprinted_paths() == []
    built = site({"templates/page.html": "-"})
    assert built.site.published_paths() == []


def test_the_globs_are_the_sites(site: Callable[..., Built]) -> None:
    config = 'theme = ""\n[assets]\nfingerprint = ["*.png"]\n'
    built = site({**BUSTED, "ssg.toml": config, "templates/page.html": "{# cachebust #}"})
    assert len(built.site.fingerprinted_paths()) == 1
    assert built.site.fingerprinted_paths()[0].startswith("/i.")


def test_a_changed_file_changes_the_pages_that_may_name_it(site: Callable[..., Built]) -> None:
    first = site(BUSTED).report
    second = site({"static/s.css": "b{}"}).report
    assert second.content_id != first.content_id
    assert second.output.joinpath("a/index.html").read_text() == f"/s.{_hash('b{}')}.css"
    assert f"s.{_hash(CSS)}.css" not in [path.name for path in second.output.iterdir()]


def test_a_second_copy_in_the_way_of_another_file_is_told(
    problems: Callable[..., list[str]],
) -> None:
    (line,) = problems({**BUSTED, f"static/s.{_hash(CSS)}.css": "mine"})
    assert line.endswith(f"both want /s.{_hash(CSS)}.css")


MINIFY = 'theme = ""\n[assets]\nminify_css = true\nminify_js = true\n'


def test_style_sheets_and_scripts_are_minified_before_they_are_hashed(
    site: Callable[..., Built],
) -> None:
    files = {"static/b.js": "let  a = 1 ; // one\n", "static/c.min.css": CSS}
    built = site({**BUSTED, **files, "ssg.toml": MINIFY})
    assert built.read("s.css") == "a{color:red}"
    assert built.read("a/index.html") == f"/s.{_hash('a{color:red}')}.css"
    assert built.read("b.js") == "let a=1"
    assert built.read("c.min.css") == CSS


@pytest.mark.parametrize(
    ("css", "smaller"),
    [
        ("a { & .b :is(c, d) { e: f } }", "a{& .b :is(c, d){e:f}}"),
        ("@layer x { p :not(.y) { a: b } }", "@layer x{p :not(.y){a:b}}"),
        ("a { width: calc(1px + 2px) }", "a{width:calc(1px + 2px)}"),
        ('a { background: url( "x y.png" ) }', 'a{background:url("x y.png")}'),
        ("/*! licence */ a { b: c }", "/*!licence*/a{b:c}"),
    ],
)
def test_modern_style_sheets_keep_their_meaning(
    site: Callable[..., Built], css: str, smaller: str
) -> None:
    assert site({"ssg.toml": MINIFY, "static/s.css": css}).read("s.css") == smaller


def test_a_script_that_cannot_be_read_is_told(problems: Callable[..., list[str]]) -> None:
    (line,) = problems({"ssg.toml": MINIFY, "static/s.js": "let x = ;"})
    assert line.startswith("s.js: cannot be minified: unexpected ; in expression on line 1")


def test_a_missing_minifier_is_told(
    problems: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssg.config.schema.find_spec", lambda _: None)
    assert problems({"ssg.toml": "[assets]\nminify_css = true\n"}) == [
        'ssg.toml:2:1: "minify_css" needs the package tdewolff-minify. '
        'Run pip install "ssg[minify]"'
    ]
