"""The shell of functions in Node, with the methods of `SourceShell`."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource
from ssg.model.settings import SiteSettings
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER
from ssg.targets.bundles.pyodide.live_files import SOURCES, live_files
from ssg.targets.bundles.pyodide.npm import node

SCRIPT = Path(__file__).with_name("ask_sources.cjs")
STOP_SECONDS = 10


class NodeShell:
    """Asks the sources of a site in a process of Node."""

    def __init__(
        self,
        sources: Mapping[str, DataSource],
        variables: Mapping[str, str],
        visible: Collection[str] = (),
    ) -> None:
        settings = SiteSettings(sources=sources, env=tuple(visible))
        declared = live_files(settings).get(SOURCES, b"{}")
        self._process = subprocess.Popen(
            [node(), str(SCRIPT), str(LIBRARY_FOLDER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._send({"declared": json.loads(declared), "variables": dict(variables)})

    def bring(self, requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        """Ask all at once."""
        asked = list(dict.fromkeys(requests))
        wanted = [{"source": a.source, "path": a.path, "isDraft": a.is_draft} for a in asked]
        answers = self.ask(requests=wanted)["answers"]
        return {request: _answer(one) for request, one in zip(asked, answers, strict=True)}

    def ask(self, **values: Any) -> dict[str, Any]:
        """Ask the script anything that it can say."""
        self._send(values)
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=STOP_SECONDS)

    def _send(self, values: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(values) + "\n")
        self._process.stdin.flush()


def _answer(values: Mapping[str, Any]) -> DataAnswer:
    return DataAnswer(values["status"], b64decode(values["body"]), values["problem"])
