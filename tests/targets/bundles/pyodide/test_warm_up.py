"""The warm-up before a snapshot."""

from __future__ import annotations

from pygments.lexers import get_lexer_by_name

from ssg.targets.bundles.pyodide.warm_up import LANGUAGES, warm_up


def test_the_warm_up_renders_its_page() -> None:
    warm_up()  # raises RuntimeError unless the page is answered with status 200


def test_every_language_of_the_warm_up_has_a_lexer() -> None:
    assert all(get_lexer_by_name(language) for language in LANGUAGES)
