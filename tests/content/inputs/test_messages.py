"""Translated texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("en.toml", "a = 1\n", 'i18n/en.toml:1:1: "a" must be a text, not the number 1'),
        ("en.toml", "[a]\nb = []\n", 'i18n/en.toml:2:1: "a.b" must be a text, not a list'),
        ("en.toml", b"a = '\xff'", "i18n/en.toml: the file is not UTF-8"),
        (
            "en.toml",
            "a = \n",
            'i18n/en.toml:1:5: TOML: Invalid value. Put quotes around a text: key = "text"',
        ),
        (
            "english.txt",
            "",
            "i18n/english.txt: the file name is not a language. Write i18n/en.toml",
        ),
    ],
)
def test_a_wrong_file_is_told(
    problems: Callable[..., list[str]], name: str, text: str | bytes, line: str
) -> None:
    assert problems({f"i18n/{name}": text}) == [line]


def test_a_text_that_a_language_lacks_is_warned_of(site: Callable[..., Built]) -> None:
    built = site(
        {
            "i18n/en.toml": 'a = "1"\nb = "2"\n',
            "i18n/de.toml": 'a = "1"\n',
            "i18n/pt.toml": 'a = "1"\nb = "2"\n',
            "i18n/pt-BR.toml": 'a = "1"\n',
        }
    )
    assert [str(warning) for warning in built.report.warnings] == [
        "i18n/de.toml: has no text for b. The text in en is shown instead"
    ]


def test_texts_are_in_the_build_id(site: Callable[..., Built]) -> None:
    first = site({"i18n/en.toml": 'a = "1"\n'}).report.content_id
    assert site({"i18n/en.toml": 'a = "2"\n'}).report.content_id != first
