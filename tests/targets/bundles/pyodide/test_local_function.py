"""The Node process that calls functions, with functions that misbehave."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.model.errors import ServeError
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.bundles.pyodide.local_function import NodeFunction
from ssg.targets.netlify.function import local_function

pytestmark = pytest.mark.node

FUNCTION = """
exports.handler = async ({ httpMethod, path, headers }) => {
  if (path === '/hang') await new Promise(() => {});
  if (path === '/die') process.exit(3);
  if (path === '/die-with-words') { console.error('out of luck'); process.exit(3); }
  if (path === '/throw') throw new Error('broken function');
  if (path === '/slow') await new Promise((resolve) => setTimeout(resolve, 300));
  if (path === '/noise') { console.log('{"id":0,"status":1}'); process.stdout.write('noise\\n'); }
  if (path === '/big') return { statusCode: 200, body: 'ä'.repeat(2000000) };
  const body = JSON.stringify([httpMethod, path, headers['x-nf-builder-cache']]);
  return { statusCode: 201, headers: { 'X-A': 'b' }, body, metadata: { ttl: 90 } };
};
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("function")
    (folder / "ssg-pages.js").write_text(FUNCTION)
    return folder


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def host(folder: Path, lines: list[str]) -> Iterator[NodeFunction]:
    with local_function(folder, log=lines.append, time_limit_seconds=5) as host:
        yield host


def test_a_request_is_answered(host: NodeFunction) -> None:
    found = host.answer(Request("GET", "/a%20b"), "revalidate")
    assert found == Response(201, b'["GET","/a%20b","revalidate"]', {"X-A": "b"}, Caching(90))


def test_one_process_answers_many_requests(host: NodeFunction) -> None:
    host.answer(Request("GET", "/1"))
    pid = host.pid
    host.answer(Request("GET", "/2"))
    assert host.pid == pid


def test_what_a_function_writes_is_log_and_not_answer(host: NodeFunction, lines: list[str]) -> None:
    assert host.answer(Request("GET", "/noise")).status == 201
    host.close()
    assert lines == ['{"id":0,"status":1}', "noise"]


def test_a_large_body_arrives_whole(host: NodeFunction) -> None:
    assert host.answer(Request("GET", "/big")).body == "ä".encode() * 2_000_000


def test_requests_from_many_threads_get_their_own_answers(host: NodeFunction) -> None:
    paths = [f"/{number}" for number in range(60)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda path: host.answer(Request("GET", path)), paths))
    assert [answer.body for answer in answers] == [
        f'["GET","{path}","miss"]'.encode() for path in paths
    ]


def test_a_function_that_throws_is_an_error_and_the_process_lives(host: NodeFunction) -> None:
    with pytest.raises(ServeError, match="failed at /throw: Error: broken function"):
        host.answer(Request("GET", "/throw"))
    assert host.answer(Request("GET", "/")).status == 201


def test_a_death_is_an_error_with_the_last_words_and_the_next_call_starts_anew(
    host: NodeFunction,
) -> None:
    with pytest.raises(ServeError, match="process ended: out of luck"):
        host.answer(Request("GET", "/die-with-words"))
    with pytest.raises(ServeError, match="process ended"):
        host.answer(Request("GET", "/die"))
    assert host.answer(Request("GET", "/")).status == 201


def test_a_process_killed_between_requests_is_replaced(host: NodeFunction) -> None:
    host.answer(Request("GET", "/"))
    killed = host.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while host.pid is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert host.answer(Request("GET", "/")).status == 201
    assert host.pid != killed


def test_a_process_killed_during_a_request_is_an_error(host: NodeFunction) -> None:
    host.answer(Request("GET", "/"))
    pid = host.pid
    assert pid is not None
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(ServeError, match="process ended"):
        host.answer(Request("GET", "/hang"))


def test_a_function_that_takes_too_long_is_ended(folder: Path) -> None:
    with local_function(folder, time_limit_seconds=0.5) as host:
        host.answer(Request("GET", "/"))
        pid = host.pid
        with pytest.raises(ServeError, match=r"no answer for /hang within 0\.5 seconds"):
            host.answer(Request("GET", "/hang"))
        assert host.pid is None
        assert host.answer(Request("GET", "/")).status == 201
        assert host.pid != pid


def test_a_function_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    (tmp_path / "ssg-pages.js").write_text("require('./nowhere.js');")
    with local_function(tmp_path) as host, pytest.raises(ServeError, match="Cannot find module"):
        host.answer(Request("GET", "/"))


def test_closing_ends_the_process(host: NodeFunction) -> None:
    host.answer(Request("GET", "/"))
    pid = host.pid
    host.close()
    assert host.pid is None
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
