"""Soft purges: a purged response expires, and stays as a stale one.

The next visitor gets the old page at once, while the cache fetches the new one; without, the next
visitor waits for the new page.
"""

from __future__ import annotations

from collections.abc import Mapping

from ssg.model.errors import Problem, PurgeError

SOFT_PURGE = "SSG_SOFT_PURGE"
_VALUES = {"": False, "0": False, "1": True}


def is_soft(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for soft purges. Raises PurgeError."""
    soft = _VALUES.get(environment.get(SOFT_PURGE, "").strip())
    if soft is None:
        raise PurgeError(Problem(f"{SOFT_PURGE} is neither 1 nor 0"))
    return soft
