"""Texts whose words are as frequent as those of languages."""

from __future__ import annotations

import random
from itertools import accumulate

_PARTS = ["ba", "co", "du", "el", "fin", "gor", "har", "is", "jan", "kul", "lem", "mo", "ner"]


def vocabulary(size: int = 40_000) -> list[str]:
    """Words, the most frequent first."""
    chance = random.Random(7)  # noqa: S311 the same words each time
    return ["".join(chance.choices(_PARTS, k=chance.randint(1, 4))) for _ in range(size)]


def zipf_texts(pages: int, length: int = 150) -> list[str]:
    """Texts of few words that are frequent and many that are rare (Zipf)."""
    chance = random.Random(8)  # noqa: S311 the same texts each time
    known = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))
    return [" ".join(chance.choices(known, cum_weights=weights, k=length)) for _ in range(pages)]
