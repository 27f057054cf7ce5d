"""Every page that an edit changes has a tag that differs: random sites, random edits.

`python -m tests.build.tag_table.random_pairs 2000` looks at more of them.
"""

from __future__ import annotations

import pytest

from tests.build.tag_table.random_pairs import EDITS, pairs
from tests.examples import examples

EDITS_OF_A_SITE = 8


@pytest.mark.parametrize("seed", range(examples(12)))
def test_every_page_that_changes_has_a_tag_that_differs(seed: int) -> None:
    for edit, found in pairs(seed, EDITS_OF_A_SITE):
        assert found.missed == set(), f"{edit.__name__} of seed {seed}"


def test_the_edits_change_pages_and_do_not_purge_all() -> None:
    found = [one for seed in (3, 4, 5) for _, one in pairs(seed, EDITS_OF_A_SITE)]
    assert sum(len(one.changed) for one in found) > 10
    assert sum(len(one.purged) for one in found) < sum(one.pages for one in found) / 2
    assert len(set(EDITS)) > 15
