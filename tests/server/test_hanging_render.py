"""A page whose render never ends: other pages are rendered as if it were not there."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.edge.test_page_function import HANGING
from tests.preview.running import until
from tests.server.started import started
from tests.server_site import build_for_server

FILES = {**HANGING, "content/blog/loop2.md": HANGING["content/blog/loop.md"]}


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="reads Linux’s /proc")
def test_other_pages_are_rendered_while_some_hang_and_after_that(tmp_path: Path) -> None:
    build_for_server(tmp_path, FILES)
    with (
        started(tmp_path, "dist", "--renders", "3", "--render-seconds", "5") as server,
        ThreadPoolExecutor(2) as visitors,
    ):
        hanging = [visitors.submit(server.get, f"/blog/{name}/") for name in ("loop", "loop2")]
        time.sleep(0.5)
        assert server.get("/blog/a/")[0] == 200, "rendered beside those that hang"
        assert [each.result(20)[0] for each in hanging] == [504, 504]
        assert server.get("/blog/b/")[0] == 200, "rendered after them"
        until(lambda: cpu_share(server.process.pid) < 0.5, 15)  # no thread is in the loop


def cpu_share(pid: int) -> float:
    """The part of a second for which a process uses a core."""
    before = cpu_ticks(pid)
    time.sleep(1)
    return (cpu_ticks(pid) - before) / os.sysconf("SC_CLK_TCK")


def cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
