"""Code of a stranger is highlighted, if its language cannot be slowed down by code."""

from __future__ import annotations

import random
import re
import time

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.highlighting import highlight_code
from ssg.render.markdown.untrusted.converter import UntrustedMarkdown
from ssg.render.markdown.untrusted.languages import LANGUAGES
from ssg.render.markdown.untrusted.limits import MAX_HIGHLIGHTED

CONVERT = UntrustedMarkdown(SiteSettings()).convert
MAX_SECONDS = 1.0

LEXERS = {get_lexer_by_name(language).name: language for language in sorted(LANGUAGES)}
"""One name of each language."""

SLOW = (
    " ", "\n", "a\n", "'\\", '"\\', "a.", ".A", "$", "&", "ep-", "_", "!a", "<aa", "a(", "@", "/*",
    "<!--", "<<a\n", "<<", "0x", "\\\\", "(", "[", "{", "${", "`", '"""', "'''", "//", "#", "a:b;",
)  # fmt: skip
"""What slows languages down that are not in the list, and some in the list a bit."""


def _seconds(code: str, language: str) -> float:
    started = time.thread_time()
    highlight_code(code, language)
    return time.thread_time() - started


def _words(language: str) -> list[str]:
    """Return keywords and signs of a language, from its patterns."""
    rules = getattr(get_lexer_by_name(language), "_tokens", {}).values()
    patterns = [rule[0].__self__.pattern for state in rules for rule in state]
    found = {word for pattern in patterns for word in re.findall(r"[A-Za-z]{2,8}|\W{1,3}", pattern)}
    return sorted(found) or list(SLOW)


@pytest.mark.parametrize("language", sorted(LEXERS.values()))
def test_hostile_code_takes_little_time(language: str) -> None:
    """Short code first: one that is quadratic takes 16 times as long at full length."""
    words, random_ = _words(language), random.Random(language)  # noqa: S311 no secret
    texts = [(before, unit) for before in ("", "<", "<?", "a", "'", "{") for unit in SLOW]
    texts += [
        (random_.choice(words), "".join(random_.choices(words, k=random_.randint(1, 3))))
        for _ in range(60)
    ]
    for before, unit in texts:
        code = before + unit * (MAX_HIGHLIGHTED // len(unit))
        if _seconds(code[: MAX_HIGHLIGHTED // 4], language) > MAX_SECONDS / 32:
            assert any(_seconds(code, language) < MAX_SECONDS for _ in range(3)), (before, unit)


@pytest.mark.parametrize("language", ["c", "c#", "bash", "docker", "java", "make"])
def test_a_slow_language_is_not_highlighted(language: str) -> None:
    """But its code has the class of the language, and the text that it has."""
    html = CONVERT(f"```{language}\nint a = 1; # b\n```").html
    assert f'<code class="language-{language}">int a = 1; # b\n</code>' in html
    assert language not in LANGUAGES
    get_lexer_by_name(language)  # Pygments knows it


def test_a_language_may_have_capital_letters() -> None:
    assert "<span" in CONVERT("```Python\nimport os\n```").html


def test_a_site_without_highlighting_has_none_in_these_texts() -> None:
    convert = UntrustedMarkdown(SiteSettings(markdown=MarkdownSettings(highlight=False))).convert
    assert "<span" not in convert("```python\nimport os\n```").html


def test_an_unknown_language_is_plain() -> None:
    with pytest.raises(ClassNotFound):
        get_lexer_by_name("nolang")
    assert "<span" not in CONVERT("```nolang\nimport os\n```").html


def test_code_of_strangers_is_not_kept_in_memory() -> None:
    from ssg.render.markdown.code_blocks import highlighted

    before = highlighted.cache_info().currsize
    CONVERT("```python\nimport os, sys, a_module_of_nobody\n```")
    assert highlighted.cache_info().currsize == before
