"""Parts of the pages of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "content" / "docs"


def page_text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def spans_in(text: str) -> set[str]:
    """What stands in backticks, outside of code blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return set(re.findall(r"`([^`\n]+)`", prose))


def section_of(text: str, title: str) -> str:
    """A page's part under a heading of second rank."""
    match = re.search(rf"^## {re.escape(title)}\b.*?(?=^## |\Z)", text, re.M | re.S)
    assert match, f"there is no heading: ## {title}"
    return match.group()
