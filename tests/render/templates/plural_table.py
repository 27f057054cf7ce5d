"""Writes `ssg/render/templates/plural_rules.py` from the rules of CLDR, which npm has.

npm install --prefix tests/e2e/checks
python -m tests.render.templates.plural_table
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ssg.render.templates import plurals

REPOSITORY = Path(__file__).parents[3]
CLDR = REPOSITORY / "tests/e2e/checks/node_modules/cldr-core/supplemental"
MODULE = REPOSITORY / "ssg/render/templates/plural_rules.py"

ROOT = "und"
"""Stands for languages without rules of their own."""
_ALIAS_REASONS = {"deprecated", "macrolanguage"}
_OPERANDS = set("nivft")

_HEAD = '''\
"""Plural rules by language: for a number, the first category whose condition holds, or `other`.

Made from CLDR {version} by `python -m tests.render.templates.plural_table`: do not edit. Conditions
on exponents (`1.2M`) are left out: no count has one.
Copyright © 1991-2026 Unicode, Inc. Licence: Unicode-3.0 (https://www.unicode.org/license.txt)
"""
# ruff: noqa: E501 one rule a line

RULES = {{
{rows}}}  # fmt: skip
"""The codes of languages that have each rule, in lower case."""
'''


def cldr(name: str) -> dict[str, Any]:
    """A file of CLDR's supplemental data."""
    data: dict[str, Any] = json.loads((CLDR / f"{name}.json").read_text("utf-8"))["supplemental"]
    return data


def table() -> str:
    """The text of the module."""
    data = cldr("plurals")
    by_rule: dict[str, list[str]] = {}
    for language, rule in _rules(data["plurals-type-cardinal"]).items():
        by_rule.setdefault(rule, []).append(language.lower())
    rows = "".join(
        f'    "{rule}": "{" ".join(sorted(codes))}",\n' for rule, codes in sorted(by_rule.items())
    )
    return _HEAD.format(version=data["version"]["_cldrVersion"], rows=rows)


def _rules(forms: dict[str, dict[str, str]]) -> dict[str, str]:
    """The rule of each language, of its other codes, and of regions that follow another region."""
    rules = {language: _rule(texts) for language, texts in forms.items() if language != ROOT}
    aliases = cldr("aliases")["metadata"]["alias"]["languageAlias"]
    parents = cldr("parentLocales")["parentLocales"]["parentLocale"]
    same = {
        code: alias["_replacement"]
        for code, alias in aliases.items()
        if alias["_reason"] in _ALIAS_REASONS and code.isalpha()
    }
    same |= {region: parent for region, parent in parents.items() if "-" in parent}
    return rules | {code: rules[of] for code, of in same.items() if of in rules} | rules


def _rule(texts: dict[str, str]) -> str:
    """`one: n = 1; few: n = 2..4`, without the samples and `other`."""
    parts = (
        (key.rpartition("-")[2], text.partition("@")[0].strip()) for key, text in texts.items()
    )
    return "; ".join(
        f"{category}: {_without_exponent(condition)}"
        for category, condition in parts
        if category != plurals.OTHER
    )


def _without_exponent(condition: str) -> str:
    """A condition for numbers of which `e`, the exponent, is 0."""
    short = condition.replace("e = 0 and ", "").replace(" or e != 0..5", "")
    if unknown := set(re.findall(r"\b[a-z]\b", short)) - _OPERANDS:
        raise ValueError(f"operands that plurals.py does not have: {unknown} in {condition}")
    return short


if __name__ == "__main__":
    MODULE.write_text(table(), "utf-8")
