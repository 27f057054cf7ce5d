"""Names of months and days in the language of a page.

`strftime` knows the English ones alone: it must give the same in a build and in a builder, whatever
languages their machines speak.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

DATE_PREFIX = "date."
"""Of the phrases that hold the names: `date.months` is `janvier, février, ...`."""

_NAME = re.compile(r"%(%|O?B|[bhAa])")
_MONTHS, _DAYS = 12, 7

Find = Callable[[str], str | None]


def in_words(form: str, moment: dt.date, find: Find) -> str:
    """A form for `strftime` with its names filled in, as far as `find` knows their phrase.

    `%OB` is a month by itself, which some languages write in another way than one with a day.
    """

    def name(match: re.Match[str]) -> str:
        found = _name(match[1], moment, find)
        return found.replace("%", "%%") if found is not None else match[0]

    return _NAME.sub(name, form)


def _name(directive: str, moment: dt.date, find: Find) -> str | None:
    match directive:
        case "B":
            return _one_of("months", _MONTHS, moment.month - 1, find)
        case "OB":
            alone = _one_of("months_alone", _MONTHS, moment.month - 1, find)
            return alone or _one_of("months", _MONTHS, moment.month - 1, find) or f"{moment:%B}"
        case "b" | "h":
            return _one_of("months_short", _MONTHS, moment.month - 1, find)
        case "A":
            return _one_of("days", _DAYS, moment.weekday(), find)
        case "a":
            return _one_of("days_short", _DAYS, moment.weekday(), find)
    return None


def _one_of(key: str, count: int, number: int, find: Find) -> str | None:
    """One name of a phrase that has the right number of them."""
    text = find(DATE_PREFIX + key)
    names = [name.strip() for name in text.split(",")] if text else []
    return names[number] if len(names) == count else None
