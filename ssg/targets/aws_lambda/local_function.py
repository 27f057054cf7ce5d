"""Runs the emitted function on this machine, in a process of its own, for `ssg verify`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.host import RuntimeHost
from ssg.targets.aws_lambda.capabilities import LAMBDA
from ssg.targets.bundles.pyodide.local_function import NodeFunction

_INVOKER = Path(__file__).with_name("invoke.py")


class PythonFunction(NodeFunction):
    """The function of Lambda in CPython."""

    def __init__(self, database: Path, variables: Mapping[str, str] = {}) -> None:
        """`database` is that of the function; `variables` are added to the environment."""
        super().__init__(
            _INVOKER,
            database,
            lambda _: NEVER_STORED,  # the process says it
            time_limit_seconds=LAMBDA.seconds or 0,
            program=lambda: sys.executable,
            variables=variables,
        )

    @property
    def host(self) -> RuntimeHost:
        """The host that it was emitted for."""
        return RuntimeHost(LAMBDA.dialect, LAMBDA.body_bytes)
