"""Three servers of one site and one Redis, each on a machine of its own, and a client's machine.

The pages show a version that a file has. To change a page, the test writes another version and then
purges the tag of the page, as somebody does who changes data: so an answer is outdated if it shows
an earlier version than the one of a purge that had been accepted when the request began.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import BARE, Files
from tests.network import Machine, network
from tests.server_site import build_for_server
from tests.services import Service, program

SERVERS = ("one", "two", "three")
PORT = 8000
REDIS_PORT = 6379
API_PORT = 9000
SECRET = "a secret of at least thirty-two bytes"  # noqa: S105 of a test
PAGES = 20
LOAD = Path(__file__).parent / "load.py"
API = Path(__file__).parent / "api.py"
REQUEST_SECONDS = 30

HOOKS = """
from pathlib import Path

def setup(hooks):
    @hooks.function
    def version(number):
        return Path({folder!r}, str(number)).read_text()
"""


def site_files(versions: Path) -> Files:
    """A site whose deferred pages show the version of a file."""
    return {
        **BARE,
        "ssg.toml": f'{BARE["ssg.toml"]!s}[target]\nname = "server"\nkeep_cache = true\n',
        "hooks.py": HOOKS.format(folder=str(versions)),
        "templates/page.html": "{{ page.title }} version={{ version(page.title) }};\n",
        **{
            f"content/doc/{number}.md": f'---\ntitle: "{number}"\ndeferred: true\n'
            f'cache_tags: ["doc:{number}"]\n---\n'
            for number in range(PAGES)
        },
    }


LIVE = """
[sources.api]
url = "http://{address}:{port}/"
timeout = 2
[[routes]]
path = "/doc/{{id}}/"
template = "page.html"
data.doc = {{ source = "api", path = "/doc/{{id}}" }}
page = {{ title = "doc.name" }}
ttl = 600
tags = ["doc:{{id}}"]
"""


def live_files(address: str) -> Files:
    """A site whose pages show the version that an API has."""
    config = f'{BARE["ssg.toml"]!s}[target]\nname = "server"\nkeep_cache = true\n'
    return {
        **BARE,
        "ssg.toml": config + LIVE.format(address=address, port=API_PORT),
        "templates/page.html": "{{ page.title }} version={{ doc.version }};\n",
    }


@dataclass
class Cluster:
    """The machines, what runs on them, and the versions of pages."""

    machines: Mapping[str, Machine]
    servers: Mapping[str, Service]
    redis: Service
    api: Service
    """What live pages ask; it runs in each cluster."""
    versions: Path
    work: Path
    purged: list[tuple[float, int, int]] = field(default_factory=list)
    """When a purge had been accepted, of which page, and its version."""

    def url(self, server: str) -> str:
        """The address of a server."""
        return f"http://{self.machines[server].address}:{PORT}"

    def start_load(self, seconds: float, rate: float, servers: Sequence[str] = SERVERS) -> Load:
        """Let visitors ask servers from the client's machine."""
        output = self.work / f"load-{time.monotonic_ns()}"
        words = [sys.executable, str(LOAD), str(seconds), str(rate), str(output)]
        words += [*map(self.url, servers), "--", *map(path_of, range(PAGES))]
        command = self.machines["client"].command(words)
        return Load(subprocess.Popen(command), output, seconds)

    def visit(self, server: str, path: str) -> tuple[int, int]:
        """The status of a page and its version, as a visitor sees them."""
        words = [sys.executable, str(LOAD), "1", "1", "-", self.url(server), "--", path]
        command = self.machines["client"].command(words)
        done = subprocess.run(command, capture_output=True, timeout=REQUEST_SECONDS, check=True)
        seen = Seen(*json.loads(done.stdout))
        return seen.status, seen.version

    def change(self, page: int, server: str) -> bool:
        """Give a page a new version and purge it through a server; whether it accepted that."""
        file = self.versions / str(page)
        version = int(file.read_text()) + 1
        draft = file.with_suffix(".new")
        draft.write_text(str(version))
        draft.replace(file)
        words = [sys.executable, "-m", "ssg", "purge", "--tag", f"doc:{page}", "--quiet"]
        words += ["--host", self.url(server)]
        environment = {**os.environ, "SSG_PURGE_SECRET": SECRET}
        done = subprocess.run(
            self.machines["client"].command(words), env=environment, capture_output=True,
            timeout=REQUEST_SECONDS,
        )  # fmt: skip
        if done.returncode == 0:
            self.purged.append((time.time(), page, version))
        return done.returncode == 0


@dataclass
class Load:
    """Visitors who are asking."""

    process: subprocess.Popen[bytes]
    output: Path
    seconds: float

    def answers(self) -> list[Seen]:
        """Wait until all have been answered."""
        assert self.process.wait(self.seconds + REQUEST_SECONDS) == 0
        return [Seen(*json.loads(line)) for line in self.output.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one visitor has seen."""

    begin: float
    end: float
    url: str
    path: str
    status: int
    version: int


def path_of(page: int) -> str:
    """The path of a page."""
    return f"/doc/{page}/"


def outdated(answers: Sequence[Seen], purged: Sequence[tuple[float, int, int]]) -> list[Seen]:
    """Answers that show an earlier version than that of a purge before their request."""
    found = []
    for answer in answers:
        if answer.status != 200:
            continue
        number = int(answer.path.split("/")[2])
        before = (v for at, page, v in purged if page == number and at < answer.begin)
        if answer.version < max(before, default=1):
            found.append(answer)
    return found


@contextmanager
def running_cluster(work: Path, *, live: bool = False) -> Iterator[Cluster]:
    """Build the site, whose pages are deferred or live, and run everything."""
    versions = work / "versions"
    versions.mkdir(parents=True)
    for number in range(PAGES):
        (versions / str(number)).write_text("1")
    with network("redis", "client", "api", *SERVERS) as machines, ExitStack() as stack:
        files = live_files(machines["api"].address) if live else site_files(versions)
        built = build_for_server(work / "site", files)
        redis = _redis(machines["redis"], work / "redis")
        api = _api(machines["api"], work / "api", versions)
        for service in (redis, api):
            stack.callback(service.kill)
            service.start()
        servers = {}
        for name in SERVERS:
            servers[name] = start_server(machines, name, built.root / "dist", work / name)
            stack.callback(servers[name].kill)
            servers[name].start()
        yield Cluster(machines, servers, redis, api, versions, work)


def start_server(machines: Mapping[str, Machine], name: str, folder: Path, work: Path) -> Service:
    """`ssg start` on a machine. It is not started yet."""
    work.mkdir(parents=True, exist_ok=True)
    machine = machines[name]
    store = f"redis://{machines['redis'].address}:{REDIS_PORT}/0"
    words = [sys.executable, "-m", "ssg", "start", str(folder), "--host", machine.address]
    words += ["--port", str(PORT), "--cache", store]
    command = ["env", f"SSG_PURGE_SECRET={SECRET}", *words]
    return Service(
        machine.command(command), work, lambda: _answers(machines["client"], machine.address, PORT)
    )


def _redis(machine: Machine, work: Path) -> Service:
    work.mkdir(parents=True, exist_ok=True)
    executable = program("redis-server")
    assert executable
    words = [executable, "--bind", machine.address, "--port", str(REDIS_PORT), "--dir", str(work)]
    words += ["--save", "", "--appendonly", "no", "--protected-mode", "no"]
    return Service(
        machine.command(words),
        work,
        lambda: _answers(machine, machine.address, REDIS_PORT),
    )


def _api(machine: Machine, work: Path, versions: Path) -> Service:
    work.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, str(API), machine.address, str(API_PORT), str(versions)]
    return Service(
        machine.command(words), work, lambda: _answers(machine, machine.address, API_PORT)
    )


def _answers(client: Machine, address: str, port: int) -> bool:
    """Whether something listens, as a machine sees it."""
    code = f"import socket; socket.create_connection(({address!r}, {port}), 1)"
    command = client.command([sys.executable, "-c", code])
    return subprocess.run(command, capture_output=True, timeout=REQUEST_SECONDS).returncode == 0
