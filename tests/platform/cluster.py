"""The blogging platform as it runs: in one process, or with all that production has.

Everything is started as its documentation says, from environment variables, on ports of this
machine. What is started is ended by its process id.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError

from ssg.sources.env_file import read_env_file
from tests.ports import free_port
from tests.services import (
    HttpService,
    PostgresService,
    RedisService,
    Service,
    running,
    running_postgres,
    running_redis,
    running_varnish,
)

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "blog-platform"
SECRET = "a-secret-of-at-least-thirty-two-bytes"  # noqa: S105 of a test
BUILD_SECONDS = 120
START_SECONDS = 60
SERVERS = 2
_KEPT_OUT = shutil.ignore_patterns(".data", ".ssg", "dist", "__pycache__")


@dataclass
class Stack:
    """A running platform."""

    url: str
    """Where visitors find it, without a slash at the end."""
    database_url: str
    environment: Mapping[str, str] = field(repr=False)
    """Of commands for it, such as `python -m blog make-admin`."""
    api: Service
    servers: Sequence[HttpService]
    """Those of the site; the only one is `api`, if the platform is one process."""
    redis: RedisService | None = None
    postgres: PostgresService | None = None
    varnish: HttpService | None = None

    @property
    def jwt_secret(self) -> str:
        """What signs the sessions."""
        if secret := self.environment.get("SSG_JWT_SECRET"):
            return secret
        return read_env_file(self.api.folder / "site/.data/secrets.env")["SSG_JWT_SECRET"]

    def services(self) -> Mapping[str, Service]:
        """All that runs, by name."""
        named: dict[str, Service | None] = {"api": self.api, "redis": self.redis}
        named |= {"postgres": self.postgres, "varnish": self.varnish}
        if len(self.servers) > 1:
            named |= {f"server{number}": one for number, one in enumerate(self.servers, 1)}
        return {name: service for name, service in named.items() if service}

    def command(self, *words: str) -> str:
        """Run a command of the platform; returns what it prints."""
        return _run(["-m", "blog", *words], self.environment)


@contextmanager
def one_process(folder: Path, *, port: int | None = None) -> Iterator[Stack]:
    """The platform as `make platform` starts it: SQLite, and everything in one process."""
    port = port or free_port()
    site = copy_example(folder / "site")
    environment = environment_of(site)
    command = [sys.executable, "-m", "blog", "start", "--port", str(port)]
    service = HttpService(
        command, folder, lambda: is_well(port, "/readyz"), environment, port=port,
        start_seconds=BUILD_SECONDS,
    )  # fmt: skip
    database_url = f"sqlite:///{site / '.data/blog.db'}"
    with running(service):
        yield Stack(
            service.url,
            database_url,
            environment,
            service,
            [service],
        )


@contextmanager
def production(folder: Path) -> Iterator[Stack]:
    """The platform with PostgreSQL, Redis, Varnish, the API and two servers of the site."""
    site = copy_example(folder / "site")
    ports = [free_port() for _ in range(SERVERS)]
    api_port, varnish_port = free_port(), free_port()
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres("max_connections=60"))
        redis = stack.enter_context(running_redis(folder / "redis"))
        environment = {
            **environment_of(site),
            "DATABASE_URL": postgres.url,
            "SITE_URL": f"http://127.0.0.1:{varnish_port}",
            "API_URL": f"http://127.0.0.1:{api_port}/api",
            "SSG_BASE_URL": f"http://127.0.0.1:{varnish_port}/",
            "SSG_JWT_SECRET": SECRET,
            "SSG_PURGE_SECRET": SECRET,
            "SSG_VARNISH_SECRET": SECRET,
            "SSG_VARNISH_URLS": f"http://127.0.0.1:{varnish_port}",
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        _run(["-m", "blog", "migrate"], environment)
        _run(["-m", "blog", "demo"], environment)
        api = _api(folder / "api", api_port, environment)
        stack.enter_context(running(api))
        _run(["-m", "ssg", "build"], environment, site)
        servers = [
            _server(folder / f"server{number}", port, site / "dist", redis, environment)
            for number, port in enumerate(ports, 1)
        ]
        for server in servers:
            stack.enter_context(running(server))
        varnish = stack.enter_context(
            running_varnish(
                folder / "varnish",
                vcl(api_port, *ports),
                *("-p", "http_resp_hdr_len=16k"),
                port=varnish_port,
                environment={"SSG_VARNISH_SECRET": SECRET},
            )
        )
        yield Stack(varnish.url, postgres.url, environment, api, servers, redis, postgres, varnish)


@contextmanager
def running_api_of(folder: Path, port: int, site_url: str) -> Iterator[Service]:
    """The API alone, with SQLite in a folder, for a site at an address."""
    environment = {
        **environment_of(EXAMPLE),
        "DATABASE_URL": f"sqlite:///{folder / 'blog.db'}",
        "SITE_URL": site_url,
        "SSG_JWT_SECRET": SECRET,
        "SSG_PURGE_SECRET": SECRET,
    }
    service = _api(folder, port, environment)
    with running(service):
        yield service


def environment_of(site: Path) -> dict[str, str]:
    """The environment of every program of a copy of the example."""
    return {"PYTHONPATH": f"{site}:{REPOSITORY}", "PYTHONDONTWRITEBYTECODE": "1"}


def copy_example(site: Path) -> Path:
    """A copy of the example without what runs of it have left there."""
    return Path(shutil.copytree(EXAMPLE, site, ignore=_KEPT_OUT))


def vcl(api: int, *servers: int) -> str:
    """The configuration of Varnish, with backends on these ports."""
    text = (EXAMPLE / "varnish.vcl").read_text("utf-8")
    names = {"api": api, **{f"server{number}": port for number, port in enumerate(servers, 1)}}
    for name, port in names.items():
        text, count = re.subn(
            rf'\.host = "{name}";\n    \.port = "8000";',
            f'.host = "127.0.0.1";\n    .port = "{port}";',
            text,
        )
        assert count == 1, name
    return text


def is_well(port: int, path: str) -> bool:
    """Whether a server answers with 200."""
    return status_of(f"http://127.0.0.1:{port}{path}") == 200


def status_of(url: str) -> int:
    """The status of an answer; 0 if there is none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 an address of a test
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


def _api(folder: Path, port: int, environment: Mapping[str, str]) -> HttpService:
    words = ["-m", "uvicorn", "blog.app:app", "--port", str(port), "--no-proxy-headers"]
    return HttpService(
        [sys.executable, *words, "--no-access-log"],
        folder,
        lambda: is_well(port, "/api/health"),
        environment,
        port=port,
        start_seconds=START_SECONDS,
    )


def _server(
    folder: Path, port: int, dist: Path, redis: RedisService, environment: Mapping[str, str]
) -> HttpService:
    words = ["-m", "ssg", "start", str(dist), "--port", str(port), "--cache", redis.url]
    return HttpService(
        [sys.executable, *words, "--front", "varnish"],
        folder,
        lambda: is_well(port, "/readyz"),
        environment,
        port=port,
        start_seconds=START_SECONDS,
    )


def _run(words: Sequence[str], environment: Mapping[str, str], folder: Path = REPOSITORY) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
    )
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout
