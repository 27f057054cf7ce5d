"""Every timeline in tests/cases/cache/, row by row. A new case is a new file."""

from __future__ import annotations

from pathlib import Path

import pytest

from .timeline import play

CASES = sorted((Path(__file__).parents[1] / "cases" / "cache").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_timeline(case: Path, tmp_path: Path) -> None:
    play(case.read_text(), tmp_path)


def test_the_cases_are_there() -> None:
    assert len(CASES) >= 9


def test_a_wrong_expectation_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="line 1"):
        play("0 | GET /a | 200 | 404 | - | ssg; fwd=uri-miss; stored | v1", tmp_path)
