"""Netlify's own CLI, offline, over a copy of this repository's site."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.queries.site import Site
from ssg.model.urls import output_file
from tests.ports import free_port

REPOSITORY = Path(__file__).parents[2]
CLI = REPOSITORY / "tests/e2e/node_modules/.bin/netlify"
START_SECONDS = 60
MISSING = b"Function not found..."


def cli() -> str:
    """The CLI's path; skips the test where it is not installed."""
    found = os.environ.get("NETLIFY_CLI") or (str(CLI) if CLI.exists() else None)
    if found is None:
        pytest.skip("Netlify's CLI is not installed: npm install --prefix tests/e2e")
    return found


def environment(home: Path) -> dict[str, str]:
    """An environment of a build machine: nobody's settings, nobody's login."""
    kept = {name: os.environ[name] for name in ("PATH", "SSG_CACHE_DIR") if name in os.environ}
    cache = os.environ.get("SSG_CACHE_DIR", str(Path.home() / ".cache/ssg"))
    return {**kept, "HOME": str(home), "CI": "1", "NO_COLOR": "1", "SSG_CACHE_DIR": cache}


def copy_site(folder: Path) -> None:
    """This repository's own site, which Netlify builds with the Python of the tests."""
    for name in ("content", "templates", "themes", "pyproject.toml", "ssg"):
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, folder / name)
    (folder / "netlify.toml").write_text(
        f'[build]\ncommand = "{sys.executable} -m ssg build --target netlify"\npublish = "public"\n'
    )


def netlify_build(folder: Path, *options: str, **variables: str) -> str:
    """`netlify build --offline`; returns what it printed."""
    command = [cli(), "build", "--offline", *options]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder.parent) | variables, timeout=240,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


@dataclass(frozen=True, slots=True)
class Deploy:
    """A site that Netlify's CLI has built, and the same site rendered whole by ssg."""

    folder: Path
    whole: Path
    log: str

    @property
    def deferred_paths(self) -> list[str]:
        manifest = json.loads((self.folder / ".ssg/manifest.json").read_text("utf-8"))
        return [page["path"] for page in manifest["pages"]]

    def written(self, path: str) -> bytes:
        return (self.whole / output_file(path)).read_bytes()


def deploy_and_render(folder: Path) -> Deploy:
    """Build the site in a folder with Netlify's CLI, and whole, beside it, as of the same time."""
    log = netlify_build(folder)
    now = dt.datetime.fromisoformat(Site.open(folder / ".ssg/site.db").build_time)
    project = load(folder, overrides={("target", "name"): "static"})
    place = folder.parent / "whole"
    layout = Layout(folder, place / "public", place / "state", place)
    build(project, layout, BuildOptions(now), Silent())
    return Deploy(folder, layout.output, log)


@contextlib.contextmanager
def netlify_dev(
    folder: Path, probe: str = "/.netlify/builders/ssg-pages/", **variables: str
) -> Iterator[int]:
    """`netlify dev --offline` over a built site; yields its port. Ended by its own id.

    The function answers at the path `probe`, whether there is a page or not.

    It empties `.netlify/functions-internal` when it starts, as if the functions of a build command
    that is still to run; so they are put back once it answers, and it loads them then.
    """
    port, functions = free_port(), folder / ".netlify/functions-internal"
    kept = folder.parent / "functions"
    shutil.copytree(functions, kept)
    # Two servers that start at once would both choose the default port of their file servers.
    settings = folder / "netlify.toml"
    text = settings.read_text("utf-8")
    table = "" if "\n[dev]\n" in text else "[dev]\n"  # a site may have it at its end
    settings.write_text(f"{text}{table}staticServerPort = {free_port()}\n", "utf-8")
    options = "--offline --no-open --skip-wait-port --internal-disable-edge-functions --port"
    log = (folder.parent / "dev.log").open("w+b")
    process = subprocess.Popen(
        [cli(), "dev", *options.split(), str(port)], cwd=folder,
        env=environment(folder.parent) | variables,
        stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_until(lambda: ask(port, "/").status, process, log)
        for function in kept.iterdir():
            function.rename(functions / function.name)  # at once: half of one would be loaded, too
        wait_until(lambda: is_loaded(ask(port, probe)), process, log)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        log.close()


def wait_until(
    answers: Callable[[], object], process: subprocess.Popen[bytes], log: BinaryIO
) -> None:
    """Waits for an answer; a server that ends or stays silent fails the test with its log."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            if answers():
                return
        time.sleep(0.2)
    log.seek(0)
    pytest.fail(f"no answer from the server:\n{log.read().decode(errors='replace')}")


def is_loaded(answer: Answer) -> bool:
    """Whether the function has answered. 400 is `netlify dev`'s own: it cannot run it yet."""
    return answer.body != MISSING and answer.status != 400


class Answer:
    """Status, headers and body of a response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()
