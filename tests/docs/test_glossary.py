"""The glossary of the architecture page and the names in the code.

Each row of the glossary names where its word is in the code. Each word that names a module or a
public class of `ssg` is either in the glossary or in `plain_words.txt`: English words, and terms
of the field, that a newcomer knows. So a word of our own needs a line in the glossary.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ROOT / "ssg"
PLAIN = frozenset((Path(__file__).parent / "plain_words.txt").read_text("utf-8").split())


def _rows() -> dict[str, str]:
    """The words of the glossary, each with its place in the code."""
    text = (ROOT / "content" / "docs" / "architecture.md").read_text("utf-8")
    (part,) = re.findall(r"^## Words\n.*?(?=^## )", text, re.M | re.S)
    rows = re.findall(r"^\| ([^|`]+) \| [^|]+ \| (`.+`) \|$", part, re.M)
    assert len(rows) > 40
    return dict(rows)


def _names() -> Iterator[tuple[str, str]]:
    """The words in the names of modules, folders and public classes, each with a file."""
    for file in sorted(CODE.rglob("*.py")):
        place = str(file.relative_to(ROOT))
        for word in re.findall(r"[a-z]+", str(file.relative_to(CODE).with_suffix(""))):
            yield word, place
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for word in re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", node.name):
                    yield word.lower(), f"{place}: {node.name}"


def _stem(word: str) -> str:
    """Two forms of a word count as one: `page` and `pages`, `rehearse` and `rehearsal`."""
    return re.sub(r"(ies|es|s|ed|e|al|y)$", "", word) if len(word) > 3 else word


@pytest.mark.parametrize(("word", "place"), _rows().items())
def test_a_word_of_the_glossary_is_in_the_code(word: str, place: str) -> None:
    path, *names = re.findall(r"`([^`]+)`", place)
    assert (ROOT / path).exists(), f"{word}: there is no {path}"
    text = (ROOT / path).read_text("utf-8") if names else ""
    for name in names:
        assert re.search(rf"^(class|def) {name}\b", text, re.M), f"{path} has no {name}"


def test_a_word_of_our_own_is_in_the_glossary() -> None:
    known = {_stem(word) for row in _rows() for word in re.findall(r"[a-z]+", row.lower())}
    known |= {_stem(word) for word in PLAIN}
    unknown = {word: place for word, place in _names() if _stem(word) not in known}
    assert unknown == {}, (
        "Explain these words in the glossary of content/docs/architecture.md, use a standard term "
        "instead, or, if every newcomer knows them, add them to tests/docs/plain_words.txt"
    )


def test_no_word_is_both_plain_and_our_own() -> None:
    assert set(_rows()) & PLAIN == set()
