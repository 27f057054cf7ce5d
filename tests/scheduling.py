"""Which worker of `pytest -n` runs which tests, and how many workers there are.

The tests of a file go to one worker, so that what a module sets up is set up once. The files of an
`xdist_group` go together: they start servers, browsers and Node, and wait half of their time. So
one worker of three begins with groups, and the others with files, which use processors.
"""

from __future__ import annotations

import os

from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController


def workers() -> int:
    """There are more workers than processors, because many tests wait."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    processors = usable or 1
    return processors + (processors + 1) // 2


LONGEST = ("netlify", "browser", "parity", "vercel", "cluster")
"""Groups that take minutes. They come first: one that is last has all other workers wait."""


class FilesAndGroups(LoadGroupScheduling):
    """Like `--dist loadgroup`, which would send tests without a group one by one.

    The queue is in the order of how many tests a unit has, the most first.
    """

    def _split_scope(self, nodeid: str) -> str:
        """`tests/a.py::test[b]@group` is of the group, `tests/a.py::test[b]` of the file."""
        unit = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if unit == nodeid else unit

    def _assign_work_unit(self, node: WorkerController) -> None:
        files = [unit for unit in self.workqueue if unit.endswith(".py")]
        long = [unit for unit in LONGEST if unit in self.workqueue]
        groups = [*long, *(unit for unit in self.workqueue if not unit.endswith(".py"))]
        wants_files = self.nodes.index(node) % 3 != 0
        chosen, *_ = [*files, *groups] if wants_files else [*groups, *files]
        self.workqueue.move_to_end(chosen, last=False)
        super()._assign_work_unit(node)
