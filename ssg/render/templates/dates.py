"""Names of months and days in the language of a page.

`strftime` is left with its English names: its result must not depend on the locale of a machine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

DATE_PREFIX = "date."
"""Of the messages that contain the names: `date.months` is `janvier, février, ...`."""

_NAME = re.compile(r"%(%|O?B|[bhAa])")
_MONTHS, _DAYS = 12, 7

FindMessage = Callable[[str], str | None]


def fill_in_names(form: str, moment: dt.date, find: FindMessage) -> str:
    """Replace the codes for names in a format of `strftime`, if `find` knows their message.

    `%OB` is a month without a day, for which some languages have another form.
    """

    def name(match: re.Match[str]) -> str:
        found = _name(match[1], moment, find)
        return found.replace("%", "%%") if found is not None else match[0]

    return _NAME.sub(name, form)


def _name(directive: str, moment: dt.date, find: FindMessage) -> str | None:
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


def _one_of(key: str, count: int, number: int, find: FindMessage) -> str | None:
    """Return one name of a message that has the expected number of names."""
    text = find(DATE_PREFIX + key)
    names = [name.strip() for name in text.split(",")] if text else []
    return names[number] if len(names) == count else None
