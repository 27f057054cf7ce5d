"""Measures a whole process: wall clock, processor time, memory of its process tree."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1
"""Reading the memory of a large process takes some milliseconds."""
LIMIT_SECONDS = 3600
"""Hugo needs half an hour for pictures of 1,000 photos."""
_SHOWN = 600


@dataclass(frozen=True, slots=True)
class Run:
    """One run. Memory is the largest sum over the process tree, in MB."""

    wall: float
    cpu: float
    rss: float
    """Resident sizes: shared memory counts once for each process."""
    pss: float
    """Proportional sizes: shared memory is divided among processes (Linux, `smaps_rollup`)."""


class FailedError(Exception):
    """A process ended with an error."""


class _Sampler(threading.Thread):
    """Samples the total memory of the processes of one session."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session, self._done = session, threading.Event()
        self.rss = self.pss = 0.0

    def run(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            rss = pss = 0
            for process in _processes(self._session):
                found = _memory(process)
                rss, pss = rss + found[0], pss + found[1]
            self.rss, self.pss = max(self.rss, rss / 1024), max(self.pss, pss / 1024)

    def stop(self) -> None:
        self._done.set()
        self.join()


def tree_megabytes(pid: int) -> float:
    """The memory of a process and all that it has started; what they share is divided."""
    return sum(_memory(Path(f"/proc/{one}"))[1] for one in tree(pid)) / 1024


def tree(pid: int) -> set[int]:
    """A process and all that it has started."""
    found, parents = {pid}, dict(map(_parent, _all_processes()))
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found


def _all_processes() -> list[Path]:
    return [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _parent(process: Path) -> tuple[int, int]:
    """The id of a process, and that of its parent; 0 if it has ended."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return int(process.name), 0
    return int(process.name), int(fields[1])


def _processes(session: int) -> list[Path]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) >= session:
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                found.append(folder)
    return found


def _memory(process: Path) -> tuple[int, int]:
    """Resident and proportional size in KB; 0 for a process that has just ended."""
    try:
        text = (process / "smaps_rollup").read_text()
    except OSError:
        return 0, 0
    sizes = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return sizes.get("Rss:", 0), sizes.get("Pss:", 0)


def timed(command: Sequence[object], folder: Path, more: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its exit and measures it. Raises FailedError."""
    log = folder / ".benchmark.log"
    os.sync()
    with log.open("wb") as stream:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], cwd=folder, env={**os.environ, **(more or {})},
            stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip
        sampler = _Sampler(process.pid)
        sampler.start()
        timer = threading.Timer(LIMIT_SECONDS, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        timer.cancel()
    sampler.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log.read_text(errors="replace")[-_SHOWN:]
    log.unlink()
    if process.returncode:
        raise FailedError(f"{command[0]}: exit {process.returncode}: {said}")
    peak = max(sampler.rss, usage.ru_maxrss / 1024)
    return Run(wall, usage.ru_utime + usage.ru_stime, peak, sampler.pss)
