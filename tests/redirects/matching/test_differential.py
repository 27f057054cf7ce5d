"""Netlify's CLI answers the same cases.

One server answers all sets: it reads `_redirects` and netlify.toml again when they change, and a
sentinel rule tells when it has. Set NETLIFY_CLI to the path of the `netlify` command.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.redirects.cases import Case, CaseSet, read_sets

LOCAL_CLI = Path(__file__).parents[2] / "e2e" / "node_modules" / ".bin" / "netlify"
SECRET = "only-for-tests"  # noqa: S105 - it keeps nothing
JOSE_HEADER = {"alg": "HS256", "typ": "JWT"}
TOML = f"""[build]
publish = "public"

[dev]
framework = "#static"
publish = "public"
jwtSecret = "{SECRET}"
"""
BUILDER = """exports.handler = async (event) => ({
  statusCode: 200,
  body: "builder pages " + event.path,
  metadata: { version: 1, builder_function: true, ttl: 0 },
});
"""
TOML_SENTINEL = """
[[redirects]]
from = "{mark}-toml"
to = "/loaded"
status = 302
"""
# The set with a netlify.toml comes last: its rules stay.
SETS = sorted(read_sets(), key=lambda one: bool(one.toml))
ARGUMENTS = (
    "dev",
    "--offline",
    "--no-open",
    "--skip-wait-port",
    "--internal-disable-edge-functions",
)
START_SECONDS = 90
RELOAD_SECONDS = 20

pytestmark = [pytest.mark.netlify, pytest.mark.timeout(240)]


@dataclass
class Server:
    """A running `netlify dev` and the folder that it serves."""

    folder: Path
    port: int

    def get(self, target: str, headers: dict[str, str]) -> tuple[int, str, str]:
        """Status, location and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", target, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("location", ""), answer.read().decode()
        finally:
            connection.close()

    def load(self, one: CaseSet) -> None:
        """Serve another set of cases, and wait until its rules are read."""
        public = self.folder / "public"
        for path in public.iterdir():
            if path.name != "_redirects":  # the server watches this one
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in one.files:
            (public / name).parent.mkdir(parents=True, exist_ok=True)
            (public / name).write_text(f"file {name}", "utf-8")
        mark = f"/sentinel-{one.name}"
        texts = {public / "_redirects": f"{mark} /loaded 302\n{one.redirects}"}
        marks = [mark]
        if one.toml:
            sentinel = TOML_SENTINEL.format(mark=mark)
            texts[self.folder / "netlify.toml"] = TOML + one.toml + sentinel
            marks.append(mark + "-toml")
        until = time.monotonic() + RELOAD_SECONDS
        while not all(map(self._is_read, marks)):
            assert time.monotonic() < until, "`netlify dev` did not read the rules again"
            for path, text in texts.items():
                path.write_text(text, "utf-8")
            time.sleep(1)

    def _is_read(self, mark: str) -> bool:
        try:
            return self.get(mark, {})[1].endswith("/loaded")
        except (OSError, http.client.HTTPException):
            return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = _command()
    if command is None:
        pytest.skip("Netlify's CLI is not installed; NETLIFY_CLI may name its path")
    folder = _site(tmp_path_factory.mktemp("site"))
    port = free_port()
    log = (folder / "log.txt").open("w")
    process = subprocess.Popen(
        [command, *ARGUMENTS, "--port", str(port)],
        cwd=folder,
        env={**os.environ, "CI": "1"},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    running = Server(folder, port)
    try:
        _wait_until_ready(running)
        yield running
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        log.close()


@pytest.mark.parametrize("one", SETS, ids=[one.name for one in SETS])
def test_netlify_dev_answers_the_same(server: Server, one: CaseSet) -> None:
    server.load(one)
    asked = [case for case in one.cases if case.in_dev != "-"]
    answers = {case.name: _in_words(server, case) for case in asked}
    assert answers == {case.name: case.in_dev for case in asked}


def _in_words(server: Server, case: Case) -> str:
    status, location, body = server.get(case.target, _headers(case))
    if 300 <= status < 400:
        return f"{status} {location}"
    if body.startswith("builder pages "):
        # The builder gets the requested path, not that of the destination.
        path = case.target.partition("?")[0]
        assert body == f"builder pages {path}"
        return "builder pages"
    return f"{status} {body}" if body.startswith("file ") else str(status)


def _headers(case: Case) -> dict[str, str]:
    known = case.visitor
    cookies = [f"nf_country={known.get('country', 'us')}", f"nf_lang={known.get('language', 'en')}"]
    cookies += [f"{known['cookie']}=1"] if "cookie" in known else []
    cookies += [f"nf_jwt={_token(known['roles'].split(','))}"] if "roles" in known else []
    return {"cookie": "; ".join(cookies)}


def _token(roles: list[str]) -> str:
    claims = {"exp": int(time.time()) + 3600, "app_metadata": {"authorization": {"roles": roles}}}
    signed = ".".join(_base64(json.dumps(part).encode()) for part in (JOSE_HEADER, claims))
    return f"{signed}.{_base64(hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha256))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _command() -> str | None:
    named = os.environ.get("NETLIFY_CLI")
    if named:
        return shutil.which(named)
    return str(LOCAL_CLI) if LOCAL_CLI.exists() else None


def _site(folder: Path) -> Path:
    static_port = f"staticServerPort = {free_port()}\n"
    (folder / "netlify.toml").write_text(TOML + static_port)
    (folder / "public").mkdir()
    (folder / "public" / "_redirects").write_text("/ready /steady 302\n")
    function = folder / "netlify" / "functions"
    function.mkdir(parents=True)
    (function / "pages.js").write_text(BUILDER)
    return folder


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            server.get("/", {})
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    pytest.fail(f"`netlify dev` did not start in {START_SECONDS} s")
