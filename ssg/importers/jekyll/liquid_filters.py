"""The filters that Jekyll adds to Liquid (jekyllrb.com, "Liquid Filters")."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from ssg.importers.front_matter.dates import read_date

_ORDINAL_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def make_filters(base: str, url: str) -> dict[str, Callable[..., Any]]:
    """The filters for a site at `url` below the path `base`."""

    def relative_url(value: object) -> str:
        text = str(value or "")
        if "://" in text:
            return text
        return f"{base}/{text.lstrip('/')}"

    def absolute_url(value: object) -> str:
        text = str(value or "")
        return text if "://" in text else url + relative_url(text)

    return {**_FILTERS, "relative_url": relative_url, "absolute_url": absolute_url}


def _date(form: str) -> Callable[..., str]:
    """A filter for dates. Its arguments `"ordinal", "US"` select another form of the day."""

    def filter_(value: object, kind: object = "", style: object = "UK") -> str:
        found = read_date(value if isinstance(value, dt.date) else str(value))
        if found is None:
            return str(value or "")
        if kind != "ordinal":
            return found.strftime(form)
        day = f"{found.day}{_ORDINAL_ENDINGS.get(found.day % 10 * (found.day // 10 != 1), 'th')}"
        month = found.strftime("%B" if "%B" in form else "%b")
        return f"{month} {day}, {found.year}" if style == "US" else f"{day} {month} {found.year}"

    return filter_


def _any_date(value: object, form: object = "%Y-%m-%d") -> str:
    """`date`. As in Jekyll, a value that is not a date stays as it is."""
    now = dt.datetime.now(dt.UTC) if value in {"now", "today"} else value
    found = read_date(now if isinstance(now, dt.date) else str(now))
    return found.strftime(str(form)) if found else str(value or "")


def _xmlschema(value: object) -> str:
    found = read_date(value if isinstance(value, dt.date) else str(value))
    return found.isoformat() if found else str(value or "")


def _slugify(value: object, mode: object = "default") -> str:
    text = str(value or "")
    if mode in {"none", "raw"}:
        return text
    pattern = r"[^\w._~!$&'()+,;=@]+" if mode == "pretty" else r"[^\w]+"
    return re.sub(pattern, "-", text).strip("-").lower()


def _sentence(value: object, word: object = "and") -> str:
    items = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    if len(items) < 3:
        return f" {word} ".join(items)
    return f"{', '.join(items[:-1])}, {word} {items[-1]}"


def _group_by(value: object, key: object) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {}
    for one in value if isinstance(value, list) else []:
        name = one.get(str(key)) if isinstance(one, Mapping) else None
        groups.setdefault("" if name is None else str(name), []).append(one)
    return [{"name": n, "items": items, "size": len(items)} for n, items in groups.items()]


def _unchanged(value: object, *_: object) -> object:
    return value


def _word_count(value: object, *_: object) -> int:
    return len(str(value or "").split())


def _json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


def _push(value: object, item: object) -> list[Any]:
    return [*(value if isinstance(value, list) else []), item]


def _unshift(value: object, item: object) -> list[Any]:
    return [item, *(value if isinstance(value, list) else [])]


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": _any_date,
    "date_to_string": _date("%d %b %Y"),
    "date_to_long_string": _date("%d %B %Y"),
    "date_to_rfc822": _date("%a, %d %b %Y %H:%M:%S %z"),
    "date_to_xmlschema": _xmlschema,
    "slugify": _slugify,
    "array_to_sentence_string": _sentence,
    "group_by": _group_by,
    "markdownify": _unchanged,
    "smartify": _unchanged,
    "jsonify": _json,
    "inspect": _json,
    "number_of_words": _word_count,
    "xml_escape": lambda value: escape(str(value or "")),
    "cgi_escape": lambda value: quote(str(value or ""), safe=""),
    "uri_escape": lambda value: quote(str(value or ""), safe="/:?&=#%"),
    "normalize_whitespace": lambda value: " ".join(str(value or "").split()),
    "to_integer": lambda value: int(value or 0),
    "push": _push,
    "unshift": _unshift,
    "pop": lambda value: value[:-1] if isinstance(value, list) else value,
    "shift": lambda value: value[1:] if isinstance(value, list) else value,
}
