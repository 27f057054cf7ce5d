"""Any text gives harmless and balanced HTML, the same each time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.render.markdown.test_texts import PIECES
from tests.render.markdown.untrusted.corpus import HTML, TARGETS
from tests.render.markdown.untrusted.test_corpus import CONVERTERS, check

MORE_PIECES = (
    "<!-- more -->\n", "\ud800", "&#12;", "&#xD800;", "<a>", "[a](", "![a](<", "[a[^1]](/b)",
    "](/b)", "[^1]: [a[^1]](/b)\n",
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES)
    | st.sampled_from(HTML)
    | st.sampled_from(TARGETS)
    | st.sampled_from(MORE_PIECES)
    | st.text(max_size=3),
    max_size=25,
).map("".join)


@pytest.mark.parametrize("name", CONVERTERS)
@settings(max_examples=examples(150), deadline=None)
@given(TEXTS)
def test_any_text_gives_harmless_and_balanced_html(name: str, text: str) -> None:
    convert = CONVERTERS[name].convert
    document = convert(text)
    check(document)
    convert("# x\n\n[a]: b\n\n[^1]: d")
    assert document == convert(text)


@settings(max_examples=examples(75), deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_characters_give_harmless_html(text: str) -> None:
    check(CONVERTERS["all"].convert(text))
