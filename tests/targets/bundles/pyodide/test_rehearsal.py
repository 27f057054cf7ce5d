"""The rehearsal before a snapshot."""

from __future__ import annotations

from pygments.lexers import get_lexer_by_name

from ssg.targets.bundles.pyodide.rehearsal import LANGUAGES, rehearse


def test_the_rehearsal_renders_its_page() -> None:
    rehearse()  # raises RuntimeError unless the page is answered with status 200


def test_every_language_of_the_rehearsal_has_a_lexer() -> None:
    assert all(get_lexer_by_name(language) for language in LANGUAGES)
