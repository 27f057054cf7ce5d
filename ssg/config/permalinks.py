"""The keys that give pages their addresses: folders and patterns."""

from __future__ import annotations

from ssg.config.table import Table
from ssg.model.errors import did_you_mean
from ssg.model.permalink import PLACEHOLDERS, expand, placeholders
from ssg.model.urls import path_problem


def read_folder(table: Table, key: str, default: str = "") -> str:
    """A folder of the site, without slashes at its ends."""
    text = table.text(key, default).strip("/")
    if problem := path_problem(text):
        table.problem(key, f'"{key}" {problem}: "{text}"')
        return ""
    return text


def read_permalinks(table: Table) -> dict[str, str]:
    """`[permalinks]`: the pattern of addresses for each folder or glob of sources."""
    patterns = {}
    for key in table.keys():  # noqa: SIM118 a Table is no dictionary
        pattern = table.text(key)
        unknown = [name for name in placeholders(pattern) if name not in PLACEHOLDERS]
        for name in unknown:
            hint = did_you_mean(f":{name}", [f":{known}" for known in PLACEHOLDERS])
            table.problem(key, f'unknown placeholder ":{name}"', hint)
        rest = expand(pattern, dict.fromkeys(PLACEHOLDERS, "x"), None) if not unknown else ""
        if problem := path_problem(rest):
            table.problem(key, f'the permalink "{pattern}" {problem}')
        elif not unknown and rest == pattern:
            hint = "Write /:section/:slug/"
            table.problem(key, f'the permalink "{pattern}" gives all pages one address', hint)
        patterns[key] = pattern
    return patterns
