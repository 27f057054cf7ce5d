"""Zola: cases that the site in `sites/` does not cover."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.importers.old import Imported

Old = Callable[..., Imported]
PAGE = '+++\ntitle = "A"\n+++\n'


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("", {"enabled": False}),
        ("generate_feeds = true", {"filename": "atom.xml"}),
        (
            'generate_feed = true\nfeed_filename = "rss.xml"',
            {"rss": True, "rss_filename": "rss.xml"},
        ),
        ("generate_feeds = true\nfeed_limit = 5", {"filename": "atom.xml", "limit": 5}),
    ],
)
def test_feeds_keep_their_names(old: Old, config: str, expected: dict[str, object]) -> None:
    assert old("zola", {"config.toml": config}).config["feed"] == expected


def test_the_address_of_a_name_in_another_script_is_not_known(old: Old) -> None:
    found = old("zola", {"content/漢字.md": PAGE})
    assert found.findings == [
        "content/漢字.md: its old address is not known: Zola transliterates it"
    ]
    assert "path:" not in found.page("漢字.md")


def test_addresses_without_slugify(old: Old) -> None:
    files = {"config.toml": '[slugify]\npaths = "safe"\n', "content/Straße.md": PAGE}
    assert "path: /Straße/" in old("zola", files).page("Straße.md")


def test_a_quoted_call_becomes_text(old: Old) -> None:
    found = old("zola", {"content/a.md": PAGE + "{{/* x() */}} `{{/* x() */}}`"})
    assert found.body("a.md") == "\\{{ x() }} `{{ x() }}`"
    assert not any("templates/" in path for path in found.paths)


@pytest.mark.parametrize(
    ("template", "is_kept"),
    [
        ("<b>{{ text | upper }}</b>", True),
        ("{{ body | markdown | safe }}", True),
        ("{% if x %}{{ x }}{% else %}-{% endif %}", True),
        ("{{ get_url(path=x) }}", False),
        ("{{ x | regex_replace(pattern='a', rep='b') }}", True),
        ("{{ x | spaceless_odd }}", False),
        ("{{ config.title }}", False),
        ("{% import 'm.html' as m %}{{ m::x() }}", False),
        ("{% if x", False),
    ],
)
def test_a_template_is_kept_if_it_is_valid_jinja(old: Old, template: str, is_kept: bool) -> None:
    files = {"content/a.md": PAGE + "{{ x(x=1) }}", "templates/shortcodes/x.html": template}
    found = old("zola", files)
    text = found.texts["templates/shortcodes/x.html"]
    assert ("could not be imported" in text) is not is_kept
    told = any("must be written" in line for line in found.findings)
    assert told is not is_kept


def test_a_translation_outside_its_folder_gets_an_alias(old: Old) -> None:
    config = '[languages.fr]\ntitle = "Vieux"\n'
    french = '+++\ntitle = "B"\npath = "a/fr"\n+++\n'
    found = old("zola", {"config.toml": config, "content/a.md": PAGE, "content/a.fr.md": french})
    assert "aliases:\n  - /a/fr/\n" in found.page("a.fr.md")
    assert any("is at /fr/a/ now" in line for line in found.findings)


def test_a_link_to_a_part_of_the_original_stays_there(old: Old) -> None:
    files = {
        "config.toml": '[languages.fr]\ntitle = "Vieux"\n',
        "content/a.md": PAGE + "## Part\n",
        "content/a.fr.md": PAGE + "## Partie\n",
        "content/b.fr.md": PAGE + "[x](@/a.md#part) [y](@/a.md#partie)",
    }
    assert old("zola", files).body("b.fr.md") == "[x](@/a.en.md#part) [y](@/a.md#partie)"
