"""Runs an emitted function in Node, as its host would: for the preview and for `ssg verify`.

One process answers many requests. Requests and answers are lines of JSON on its standard input
and output; what the function logs goes to its standard error. A script of the host, the invoker,
speaks this protocol and calls the function as the host does:

    node INVOKER FUNCTION [FOLDER_OF_TEXTS | ORIGIN]
    in:  {"id", "method", "path", "kind"}
    out: {"id", "status", "headers", "caching", "body"} or {"id", "error"}

`caching` is missing where the host reads it in the headers.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ssg.model.errors import Problem, ServeError
from ssg.runtime.caching import Caching
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.targets.bundles.pyodide import npm
from ssg.targets.bundles.pyodide.emit_function import HOST

_STOP_SECONDS = 2.0
_LAST_LINES = 60
_ERROR = re.compile(r"\w*Error\b")  # Node prints the source and a stack around that line


class NodeFunction:
    """An emitted function that answers. Use it as a context manager, from any thread.

    `texts` says where the texts are if they are not in the function: the folder of blocks, or the
    URL of a server that has them. `log` gets each line that the function writes, in a thread of
    its own. `said_caching` reads headers as the host's cache does.
    `program` runs the invoker. `variables` are added to the environment of this process.
    """

    def __init__(
        self,
        invoker: Path,
        script: Path,
        said_caching: Callable[[Mapping[str, str]], Caching],
        *,
        texts: Path | str | None = None,
        log: Callable[[str], None] = lambda _: None,
        time_limit_seconds: float,
        program: Callable[[], str] = npm.node,
        variables: Mapping[str, str] = {},
    ) -> None:
        self._said_caching = said_caching
        self._host_file = script.with_name(HOST)
        self._command = [str(invoker), str(script)]
        self._command += [str(texts)] if texts else []
        self._log = log
        self._program = program
        self._variables = variables
        self._time_limit_seconds = time_limit_seconds
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process that answers, if one runs."""
        process = self._process
        return process.pid if process and process.is_alive() else None

    @property
    def host(self) -> RuntimeHost:
        """The host that it was emitted for."""
        return RuntimeHost(**json.loads(self._host_file.read_text("utf-8"))["runtime"])

    def answer(self, request: Request, kind: str = "miss") -> Response:
        """Ask the function. `kind` is `miss` or `revalidate`, as the edge says it.

        Raises ServeError where the process died or the time is up; the next call starts anew.
        """
        process = self._running()
        try:
            reply = process.ask(request, kind).result(self._time_limit_seconds)
        except FutureTimeout:
            process.stop()
            raise ServeError(
                Problem(f"no answer for {request.path} within {self._time_limit_seconds:g} seconds")
            ) from None
        return self._response(reply, request)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
        if process:
            process.stop()

    def _response(self, reply: dict[str, Any], request: Request) -> Response:
        if error := reply.get("error"):
            raise ServeError(Problem(f"the function failed at {request.path}: {error}"))
        headers = reply["headers"]
        caching = _caching(*reply["caching"]) if "caching" in reply else self._said_caching(headers)
        return Response(reply["status"], reply["body"].encode(), headers, caching)

    def _running(self) -> _Process:
        with self._lock:
            if self._process is None or not self._process.is_alive():
                self._process = _Process(
                    [self._program(), *self._command], self._variables, self._log
                )
            return self._process


def _caching(fresh: int | None, stale: int | None, tags: list[str]) -> Caching:
    return Caching(fresh, stale, tuple(tags))


class _Process:
    """One Node process, its two reading threads, and the answers that it still owes."""

    def __init__(
        self, command: list[str], variables: Mapping[str, str], log: Callable[[str], None]
    ) -> None:
        self._log = log
        self._numbers = count()
        self._lock = threading.Lock()
        self._listening = True  # a process that is about to end may still take a request
        self._owed: dict[int, Future[dict[str, Any]]] = {}
        self._said: deque[str] = deque(maxlen=_LAST_LINES)
        self._process = subprocess.Popen(  # noqa: S603 our own words
            command,
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._process.pid
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._logger = threading.Thread(target=self._pass_on_log, daemon=True)
        self._logger.start()
        self._listener.start()

    def is_alive(self) -> bool:
        return self._listening and self._process.poll() is None

    def ask(self, request: Request, kind: str) -> Future[dict[str, Any]]:
        """Send a request. Its answer is a ServeError if the process ends before."""
        answer: Future[dict[str, Any]] = Future()
        with self._lock:
            number = next(self._numbers)
            self._owed[number] = answer
            line = {"id": number, "method": request.method, "path": request.path, "kind": kind}
            try:
                self._send(line)
                if not self._listening:
                    raise BrokenPipeError
            except (OSError, ValueError):  # the pipe is broken, or closed by `stop`
                self._owed.pop(number)
                answer.set_exception(self._ended())
        return answer

    def stop(self) -> None:
        """End the process: kindly by closing its input, else by force."""
        with suppress(OSError, ValueError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in (self._listener, self._logger):
            thread.join(_STOP_SECONDS)

    def _send(self, line: dict[str, Any]) -> None:
        if self._process.stdin:
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            reply = json.loads(line)
            with self._lock:
                answer = self._owed.pop(reply["id"], None)
            if answer:
                answer.set_result(reply)
        self._fail_all()

    def _fail_all(self) -> None:
        with self._lock:
            self._listening = False
            owed, self._owed = self._owed, {}
        for answer in owed.values():
            answer.set_exception(self._ended())

    def _pass_on_log(self) -> None:
        for line in self._process.stderr or ():
            text = line.rstrip("\n")
            self._said.append(text)
            self._log(text)

    def _ended(self) -> ServeError:
        self._logger.join(_STOP_SECONDS)  # its last words may be on their way
        said = [line.strip() for line in self._said if line.strip()]
        errors = [line for line in said if _ERROR.match(line)]
        why = "".join(f": {line}" for line in (errors or said)[-1:])
        return ServeError(Problem(f"the function's process ended{why}"))
