"""Texts that a database can keep."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


def is_storable(value: object) -> bool:
    """Whether all texts within a value are Unicode, without zero characters.

    JSON can have half of a surrogate pair, which is not Unicode. PostgreSQL keeps no zero
    characters.
    """
    try:
        return _is_storable(value)
    except RecursionError:
        return False


def _is_storable(value: object) -> bool:
    match value:
        case str():
            return not _UNSTORABLE.search(value)
        case Mapping():
            return all(_is_storable(one) for pair in value.items() for one in pair)
        case list():
            return all(map(_is_storable, value))
    return True
