"""Hugo: cases that the site in `sites/` does not cover."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.hugo.config import HugoConfig
from ssg.importers.hugo.go_template import to_jinja
from ssg.importers.hugo.permalinks import HugoPermalinkInput, HugoPermalinks, candidates, urlize
from ssg.importers.hugo.shortcode_parser import HugoShortcodeCall, parse_calls
from ssg.importers.hugo.shortcodes import HugoShortcodes
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes
from ssg.importers.source_tree import SourceTree
from ssg.render.markdown.shortcodes import parse_arguments
from tests.importers.old import Imported

Old = Callable[..., Imported]


# -- configuration -----------------------------------------------------------------------------


def test_a_folder_of_files_is_one_configuration(old: Old) -> None:
    found = old(
        "hugo",
        {
            "hugo.toml": "",
            "config/_default/hugo.yaml": "title: Split\nbaseURL: https://a.example.com/b\n",
            "config/_default/params.toml": 'colour = "red"\n',
            "config/_default/menus.en.toml": '[[main]]\nname = "x"\nurl = "/x/"\n',
            "config/production/hugo.toml": 'title = "Other"\n',
        },
    )
    assert found.config["title"] == "Split"
    assert found.config["base_url"] == "https://a.example.com/b/"
    assert found.config["extra"] == {"colour": "red"}


def test_keys_are_read_in_any_case(old: Old) -> None:
    found = old("hugo", {"hugo.toml": 'TITLE = "A"\nBaseUrl = "https://x.example.com"\n'})
    assert found.config["title"] == "A"
    assert found.config["base_url"] == "https://x.example.com/"


def test_a_single_menu_becomes_the_main_menu(old: Old) -> None:
    found = old("hugo", {"hugo.toml": '[[menu.top]]\nname = "A"\nurl = "/a/"\n'})
    assert found.config["menus"] == {"main": [{"name": "A", "url": "/a/"}]}


def test_a_site_without_feeds_has_none(old: Old) -> None:
    found = old("hugo", {"hugo.toml": 'disableKinds = ["RSS", "taxonomy", "term"]\n'})
    assert found.config["feed"] == {"enabled": False}
    assert found.config["taxonomies"] == {}


# -- languages ---------------------------------------------------------------------------------

LANGUAGES = """
defaultContentLanguage = "en"
[languages.en]
weight = 1
[languages.pt-BR]
languageName = "Português"
title = "Velho"
weight = 2
"""


def test_languages_by_the_names_of_files(old: Old) -> None:
    files = {"hugo.toml": LANGUAGES, "content/a.md": "A", "content/a.pt-BR.md": "B",
             "content/b.en.md": "C", "content/v1.0.md": "D"}  # fmt: skip
    found = old("hugo", files)
    assert found.config["languages"]["pt-BR"] == {
        "name": "Português", "title": "Velho", "weight": 2, "path": "pt-br",
    }  # fmt: skip
    pages = [path for path in found.paths if path.startswith("content/")]
    assert pages == ["content/_index.md", "content/a.md", "content/a.pt-BR.md", "content/b.md",
                     "content/v1.0.md"]  # fmt: skip
    assert "path:" not in found.page("a.pt-BR.md")


def test_languages_by_folders(old: Old) -> None:
    config = LANGUAGES.replace("weight = 1", 'weight = 1\ncontentDir = "content/english"').replace(
        "weight = 2", 'weight = 2\ncontentDir = "content/brazil"'
    )
    files = {"hugo.toml": config, "content/english/x/a.md": "A", "content/brazil/x/a.md": "B",
             "content/brazil/x/pic.png": "png"}  # fmt: skip
    found = old("hugo", files)
    assert "content/x/a.md" in found.paths
    assert "content/pt-BR/x/a.md" in found.paths
    assert "content/pt-BR/x/pic.png" in found.paths


# -- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hello World", "hello-world"), ("C++ & Go!", "c++-&-go"), ("Über uns", "über-uns")],
)
def test_urlize(text: str, expected: str) -> None:
    assert urlize(text) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, "/posts/2024-x/"),
        ({"uglyurls": True}, "/posts/2024-x.html"),
        ({"permalinks": {"posts": "/:title/"}}, "/the-title/"),
        ({"permalinks": {"page": {"posts": "/p/:slug"}}}, "/p/the-title/"),
        ({"permalinks": {"posts": "/:sections[1:]/:contentbasename/"}}, "/2024-x/"),
        ({"permalinks": {"posts": "/:year/:slug/"}}, "/posts/2024-x/"),
    ],
)
def test_addresses_equal_those_of_hugo(config: dict[str, object], expected: str) -> None:
    subject = HugoPermalinkInput(("posts",), "2024-X", "The title")
    assert HugoPermalinks(HugoConfig(config, "hugo.toml", {})).path(subject) == expected


def test_patterns_that_ssg_can_express() -> None:
    assert candidates("/:year/:slug") == ["/:year/:slug/", "/:year/:title/"]
    assert candidates("/:section/:filename/") == ["/:section/:filename/"]
    assert candidates("/:monthname/:slug/") == []


# -- shortcodes --------------------------------------------------------------------------------


def test_calls_are_parsed() -> None:
    text = 'a {{< x "b c" d >}} {{% y k="v>" n=`r"w` %}}in {{< x />}}{{% /y %}} {{</* z */>}}'
    found = [part for part in parse_calls(text) if isinstance(part, HugoShortcodeCall)]
    assert [(one.name, one.positional, one.named, one.body) for one in found] == [
        ("x", ("b c", "d"), {}, None),
        ("y", (), {"k": "v>", "n": 'r"w'}, "in {{< x />}}"),
    ]
    assert "".join(part for part in parse_calls(text) if isinstance(part, str)) == "a   {{< z >}}"


CALLS = st.lists(
    st.sampled_from(
        ["{{<", ">}}", "{{%", "%}}", " x ", "/x", '"a b"', "k=", "`", "/*", "*/", "\n", "text",
         "{{< x >}}", "{{< /x >}}", "{{% y a=1 %}}", "```", '")}}"']
    ),
    max_size=14,
).map("".join)  # fmt: skip


NO_SITE = Path(__file__).parent
"""A folder without shortcodes of its own."""


@given(CALLS)
def test_parsing_loses_no_text(text: str) -> None:
    """Text outside calls is a plain part."""
    plain = "".join(part for part in parse_calls(text) if isinstance(part, str))
    if (
        not any(isinstance(part, HugoShortcodeCall) for part in parse_calls(text))
        and "/*" not in text
    ):
        assert plain == text


@given(CALLS)
def test_ssg_can_parse_converted_arguments(text: str) -> None:
    shortcodes = HugoShortcodes(SourceTree(NO_SITE), ImportNotes(), lambda *_: None, {})
    page = ImportedPage("content/a.md", "a.md", {}, text)
    found = shortcodes.convert(text, page, 1)
    for piece in found.split("{{ ")[1:]:
        name, _, rest = piece.partition("(")
        arguments, closing, _ = rest.partition(") }}")
        if name.isidentifier() and closing:
            parse_arguments(arguments)


def test_an_argument_may_contain_the_end_of_a_call(old: Old) -> None:
    found = old("hugo", {"content/a.md": '{{< y "a) }} b" >}}'})
    assert found.body("a.md") == '{{ y(arg0="a\\u0029 }} b") }}'


def test_text_that_looks_like_a_call_of_ssg_is_escaped(old: Old) -> None:
    found = old("hugo", {"content/a.md": "{{ x(a=1) }} and `{{ x(a=1) }}`"})
    assert found.body("a.md") == "\\{{ x(a=1) }} and `{{ x(a=1) }}`"


# -- templates of shortcodes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<b>{{ .Get 0 }}</b>", '<b>{{ (arg0 or "") }}</b>\n'),
        ('{{ .Get "a-b" | default "x" }}', '{{ ((a_b or "") or "x") }}\n'),
        ("{{- .Inner | markdownify -}} ", '{{ (body or text or "") }}\n'),
        ('{{ if eq (.Get 0) "x" }}1{{ else }}2{{ end }}',
         '{% if ((arg0 or "") == "x") %}1{% else %}2{% endif %}\n'),
        ("{{ $u := .Get 0 }}{{ $u | upper }}", '{% set u = (arg0 or "") %}{{ (u | upper) }}\n'),
        ('{{ with .Get "href" }}<a href="{{ . }}">{{ end }}',
         '{% if (href or "") %}<a href="{{ (href or "") }}">{% endif %}\n'),
        ("{{/* note */}}{{ .Page.Title }}", "{{ page.title }}\n"),
    ],
)  # fmt: skip
def test_a_simple_template_is_translated(template: str, expected: str) -> None:
    assert to_jinja(template) == expected


@pytest.mark.parametrize(
    "template",
    ["{{ range .Params }}{{ . }}{{ end }}", "{{ partial \"x\" . }}", "{{ .Get 0 | md5 }}",
     "{{ if .Get 0 }}open", "{{ end }}", "{% x %}", "{{ ( }}", "{{ }}"],
)  # fmt: skip
def test_other_templates_are_not_translated(template: str) -> None:
    assert to_jinja(template) is None


@given(st.text(st.sampled_from('{}()|."$ :=-/*aGet0 with end if Inner\n'), max_size=40))
def test_the_translator_never_fails(template: str) -> None:
    assert to_jinja(template) is None or "{{-" not in (to_jinja(template) or "")
