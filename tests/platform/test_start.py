"""`python -m blog start`: everything in one process, from nothing, and again."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from ssg.sources.env_file import read_env_file
from tests.platform.cluster import (
    Stack,
    copy_example,
    environment_of,
    is_well,
    one_process,
    status_of,
)
from tests.ports import free_port
from tests.services import HttpService, running, wait_until

pytestmark = pytest.mark.xdist_group("platform")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with one_process(tmp_path_factory.mktemp("start")) as running:
        yield running


def test_an_empty_folder_becomes_a_platform_with_posts(stack: Stack) -> None:
    said = stack.api.said
    assert re.findall(r"^  ([a-z]+) +\S{16}$", said, re.M) == [
        "ines", "jonas", "kofi", "mira", "tuuli",
    ]  # fmt: skip
    assert f"serving {stack.url}/" in said
    assert "not purged" not in said
    for path in ("/", "/mira/", "/mira/first-ice/", "/mira/feed.xml", "/tags/winter/", "/about/"):
        assert (path, status_of(stack.url + path)) == (path, 200)
    assert status_of(f"{stack.url}/mira/nothing/") == 404
    page = httpx2.get(f"{stack.url}/mira/first-ice/").text
    picture = re.search(r'src="(/media/[^"]+)"', page)
    assert picture
    answer = httpx2.get(stack.url + picture[1])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")


def test_a_large_picture_reaches_the_api(stack: Stack) -> None:
    address, headers = f"{stack.url}/api/me/pictures", {"Content-Type": "image/png"}
    assert httpx2.post(address, content=bytes(3_000_000), headers=headers).status_code == 401


def test_secrets_are_for_their_owner_alone(stack: Stack) -> None:
    file = stack.api.folder / "site/.data/secrets.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    values = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert len(set(values.values())) == 2
    assert all(len(value) >= 32 for value in values.values())


def test_a_second_start_is_quick_and_keeps_everything(stack: Stack) -> None:
    secrets = (stack.api.folder / "site/.data/secrets.env").read_text()
    stack.api.send(signal.SIGINT)
    assert stack.api.process is not None
    assert stack.api.process.wait(20) == 0
    (stack.api.folder / "output").write_text("")
    stack.api.start()
    assert wait_until(lambda: "serving" in stack.api.said, 10)
    assert stack.api.said.startswith(f"serving {stack.url}/")  # it did not wait for a build
    assert "Log in as" not in stack.api.said
    assert status_of(f"{stack.url}/mira/first-ice/") == 200
    assert (stack.api.folder / "site/.data/secrets.env").read_text() == secrets
    assert stack.command("demo") == "There are users already: nothing has been changed.\n"


def test_another_server_runs_the_same_application(stack: Stack) -> None:
    site, port = stack.api.folder / "site", free_port()
    environment = {
        **environment_of(site),
        **read_env_file(site / ".data/secrets.env"),
        "DATABASE_URL": stack.database_url,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "API_URL": f"http://127.0.0.1:{port}/api",
        "SSG_DIR": str(site / "dist"),
        "SSG_CACHE": str(stack.api.folder / "other-cache"),
    }
    command = [sys.executable, "-m", "uvicorn", "blog.one_process:app", "--port", str(port)]
    folder = stack.api.folder / "uvicorn"
    service = HttpService(command, folder, lambda: is_well(port, "/readyz"), environment, port=port)
    with running(service):
        assert status_of(f"{service.url}/mira/first-ice/") == 200
        assert status_of(f"{service.url}/api/health") == 200
    assert "Application shutdown complete" in service.said


def test_a_signal_ends_it_in_order(stack: Stack) -> None:
    assert stack.api.process is not None
    stack.api.send(signal.SIGTERM)
    assert stack.api.process.wait(20) == 0
    stack.api.start()


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = _start(tmp_path, port)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: port {port} on 127.0.0.1 is in use. "
        "Stop the other server, or choose a port with --port (0 takes any free one)\n"
    )
    assert not (tmp_path / "site/.data").exists()


def test_a_site_that_cannot_be_built_ends_the_start(tmp_path: Path) -> None:
    done = _start(tmp_path, 0, {"ssg.toml": "title = 5\n"})
    assert done.returncode == 1
    assert "ssg.toml:1" in done.stderr
    assert "the site could not be built" in done.stderr


def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("raise ModuleNotFoundError(name='sqlalchemy')\n")
    site = environment_of(tmp_path / "site")["PYTHONPATH"]
    done = _start(tmp_path, 0, python_path=f"{tmp_path}:{site}")
    assert done.returncode == 1
    assert done.stderr.startswith("error: the package sqlalchemy is not installed\n  pip install ")


def _start(
    folder: Path,
    port: int,
    files: dict[str, str] | None = None,
    python_path: str = "",
) -> subprocess.CompletedProcess[str]:
    site = copy_example(folder / "site")
    more = {"PYTHONPATH": python_path} if python_path else {}
    for name, text in (files or {}).items():
        (site / name).write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "blog", "start", "--port", str(port)],
        env={**os.environ, **environment_of(site), **more},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_site_is_ready_when_the_api_is(stack: Stack) -> None:
    assert is_well(int(stack.url.rpartition(":")[2]), "/api/health")
