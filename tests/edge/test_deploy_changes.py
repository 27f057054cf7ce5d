"""What a shared cache is told of a deploy."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from ssg.edge.deploy_changes import tell_deploy
from ssg.edge.deployment import Deployment
from ssg.edge.storage.disk_store import DiskStore
from ssg.runtime.http import Request, Response
from ssg.targets.server.capabilities import SERVER

PROCESSES = 3


def _answer(_: Request) -> Response:
    return Response(200, b"page")


def _slow_table() -> bytes | None:
    time.sleep(0.2)  # long enough for the others to look
    return None


def _deploy(folder: Path, barrier: Barrier, found_new: Path) -> None:
    namespace = DiskStore(folder, print).open("shared")
    deployment = Deployment(
        "b1", folder, (), _answer, SERVER, cache_id="ssg", tag_table=_slow_table
    )
    barrier.wait(20)
    if tell_deploy(namespace, deployment).is_new:
        found_new.touch()


@pytest.mark.timeout(60)
def test_of_processes_that_deploy_at_once_one_finds_the_build_new(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    marks = [tmp_path / f"new-{number}" for number in range(PROCESSES)]
    processes = [
        context.Process(target=_deploy, args=(tmp_path / "cache", barrier, mark)) for mark in marks
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert sum(mark.exists() for mark in marks) == 1
