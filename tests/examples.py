"""How many random examples a test tries.

`SSG_EXAMPLES=10` has each try ten times as many: for a change of what they are about.
"""

from __future__ import annotations

import os

TIMES = float(os.environ.get("SSG_EXAMPLES", "1"))


def examples(number: int) -> int:
    """A number of examples, or as many times of it as was asked for."""
    return max(1, round(number * TIMES))
