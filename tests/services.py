"""Redis, PostgreSQL, Varnish, nginx and others of Debian, each in a folder of its own.

`make services` installs the programs. A test that needs one has its mark (`pytest.mark.redis`); it
is skipped without the program, and says so. A service listens on 127.0.0.1 or on a socket, stores
nothing outside of its folder, and is ended by its process id.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.ports import free_port

START_SECONDS = 20.0
END_SECONDS = 10.0
PROGRAMS = {"redis": "redis-server", "varnish": "varnishd", "nginx": "nginx", "caddy": "caddy"}
PROGRAMS |= {"postgres": "postgres", "pgbouncer": "pgbouncer"}
"""The program of each mark."""
_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: -int(one.parent.name))
"""Debian has a folder for each version."""
_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin", *map(str, _POSTGRES))
_PATH = os.pathsep.join([os.environ.get("PATH", ""), *_FOLDERS])


def program(name: str) -> str | None:
    """The path of a program; services are in folders that are not in every user's PATH."""
    return shutil.which(name, path=_PATH)


def skip_without_programs(item: pytest.Item) -> None:
    """Skip a test with the mark of a service that is not installed."""
    for mark, name in PROGRAMS.items():
        if item.get_closest_marker(mark) and program(name) is None:
            pytest.skip(f"{name} is not installed; `make services` installs it from Debian")


@dataclass
class Service:
    """A program that runs in the foreground, and what it writes."""

    command: Sequence[str]
    folder: Path
    answers: Callable[[], bool]
    """Whether it is ready for requests."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables beside those of this process."""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    start_seconds: float = field(default=START_SECONDS, kw_only=True)
    """How long it may take until it is ready."""

    @property
    def said(self) -> str:
        """What it has written to its standard output and error."""
        return (self.folder / "output").read_text("utf-8", "replace")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until(self.answers, self.start_seconds, lambda: self.process.poll() is not None)  # type: ignore[union-attr]
        assert self.answers(), f"{self.command[0]} does not answer:\n{self.said}"

    def send(self, number: signal.Signals) -> None:
        """Send a signal to its first process."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it and its workers as a crash does."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # its session has no other process of ours
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(END_SECONDS)
            self.process = None

    def stop(self) -> None:
        """End it in its own way, or else as a crash does."""
        if self.process is not None:
            self.send(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(END_SECONDS)
            self.kill()


def wait_until(
    is_true: Callable[[], bool], seconds: float, is_over: Callable[[], bool] = lambda: False
) -> bool:
    """Wait until something is true; returns whether it is, at the latest after this time."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline or is_over():
            return is_true()
        time.sleep(0.01)
    return True


def accepts_connections(port: int) -> bool:
    """Whether something listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(service: Service) -> Iterator[None]:
    service.folder.mkdir(parents=True, exist_ok=True)
    try:
        service.start()
        yield
    finally:
        service.stop()


# -- Redis ---------------------------------------------------------------------------------------


@dataclass
class RedisService(Service):
    """A `redis-server`."""

    port: int = 0

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command_line(self, *words: str) -> bytes:
        """Send one command as a line, as for `redis-cli`; returns the start of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(" ".join(words).encode() + b"\r\n")
            return connection.recv(4096)


@contextmanager
def running_redis(folder: Path, *options: str, port: int | None = None) -> Iterator[RedisService]:
    """Run Redis without persistence; options are written as in its command line (`--save 60 1`)."""
    port = port or free_port()
    plain = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    plain += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
    executable = program("redis-server")
    assert executable, "redis-server is not installed"

    def answers() -> bool:
        try:
            return service.command_line("PING").startswith((b"+PONG", b"-NOAUTH", b"-WRONGPASS"))
        except OSError:
            return False

    service = RedisService([executable, *plain, *options], folder, answers, port=port)
    with running(service):
        yield service


# -- PostgreSQL ----------------------------------------------------------------------------------


@dataclass
class PostgresService(Service):
    """A `postgres`, with a superuser of that name."""

    port: int = 0
    password: str = ""
    end: signal.Signals = signal.SIGINT
    """The signal after which it ends without waiting for its clients."""

    @property
    def url(self) -> str:
        """Where the superuser finds it."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        """End it, and the connections of its clients."""
        if self.process is not None:
            self.send(self.end)
            self.process.wait(END_SECONDS)
            self.kill()


@contextmanager
def running_postgres(*settings: str, port: int | None = None) -> Iterator[PostgresService]:
    """Run PostgreSQL in a folder of its own; settings are written `shared_buffers=8MB`.

    It refuses to run as root, so root runs it as Debian's user for it.
    """
    port, password = port or free_port(), secrets.token_hex(8)
    with _folder_of_postgres() as folder:
        (folder / "password").write_text(password)
        (folder / "password").chmod(0o644)
        _init_postgres(folder)
        own = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        own += ["fsync=off", "shared_buffers=16MB", "max_wal_size=64MB", "lc_messages=C", *settings]
        command = [str(program("postgres")), "-D", str(folder / "data")]
        options = [word for one in own for word in ("-c", one)]
        service = PostgresService(
            [*_as_postgres(), *command, *options], folder, lambda: _is_ready(port), port=port,
            password=password,
        )  # fmt: skip
        with running(service):
            yield service


@contextmanager
def running_pgbouncer(
    server: PostgresService, mode: str, size: int, *, port: int | None = None
) -> Iterator[PostgresService]:
    """Run PgBouncer in front of PostgreSQL, with at most `size` connections to it."""
    port = port or free_port()
    with _folder_of_postgres() as folder:
        users, settings = folder / "users.txt", folder / "pgbouncer.ini"
        users.write_text(f'"postgres" "{server.password}"\n')
        settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = scram-sha-256\nauth_file = {users}\n"
            f"pool_mode = {mode}\ndefault_pool_size = {size}\n"
        )
        command = [*_as_postgres(), str(program("pgbouncer")), str(settings)]
        service = PostgresService(
            command, folder, lambda: accepts_connections(port), port=port,
            password=server.password, end=signal.SIGTERM,
        )  # fmt: skip
        with running(service):
            yield service


def _as_postgres() -> list[str]:
    """What begins a command that must not run as root."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return user if os.getuid() == 0 else []


@contextmanager
def _folder_of_postgres() -> Iterator[Path]:
    """A folder that belongs to Debian's user: that of a test cannot be entered by others."""
    folder = Path(tempfile.mkdtemp(prefix="ssg-postgres-"))
    try:
        if _as_postgres():
            shutil.chown(folder, "postgres", "postgres")
        yield folder
    finally:
        shutil.rmtree(folder)


def _init_postgres(folder: Path) -> None:
    options = ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={folder / 'password'}"]
    options += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D", str(folder / "data")]
    subprocess.run(
        [*_as_postgres(), str(program("initdb")), *options],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _is_ready(port: int) -> bool:
    command = [str(program("pg_isready")), "--host=127.0.0.1", f"--port={port}", "--quiet"]
    return subprocess.run(command, check=False).returncode == 0


# -- Varnish, nginx and Caddy ----------------------------------------------------------------------


@dataclass
class HttpService(Service):
    """A server of HTTP."""

    port: int = 0

    @property
    def url(self) -> str:
        """Where clients find it, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_varnish(
    folder: Path,
    vcl: str,
    *options: str,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[HttpService]:
    """Run Varnish with a configuration in VCL, all in memory."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test.vcl").write_text(vcl)
    executable = program("varnishd")
    assert executable, "varnishd is not installed"
    command = [executable, "-F", "-j", "none", "-n", str(folder / "work")]
    command += ["-a", f"127.0.0.1:{port}", "-f", str(folder / "test.vcl"), "-s", "malloc,64m"]
    service = HttpService(
        [*command, *options], folder, lambda: accepts_connections(port), environment or {},
        port=port,
    )  # fmt: skip
    with running(service):
        yield service


@contextmanager
def running_nginx(folder: Path, http: str, *, port: int | None = None) -> Iterator[HttpService]:
    """Run nginx with the content of a block `http`; `{port}` there is its port, `{folder}` this."""
    port = port or free_port()
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    http = http.replace("{port}", str(port)).replace("{folder}", str(folder))
    user = "user root;" if os.getuid() == 0 else ""  # it can read the folders of tests
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{name}_temp_path {folder / 'parts' / name};\n" for name in names)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 1; {user}\n"
        f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{places}{http}\n}}\n"
    )
    executable = program("nginx")
    assert executable, "nginx is not installed"
    command = [executable, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    service = HttpService(command, folder, lambda: accepts_connections(port), port=port)
    with running(service):
        yield service


@contextmanager
def running_caddy(folder: Path, caddyfile: str, *, port: int) -> Iterator[HttpService]:
    """Run Caddy with a configuration that listens on a port and writes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Caddyfile").write_text(caddyfile)
    executable = program("caddy")
    assert executable, "caddy is not installed"
    command = [executable, "run", "--config", str(folder / "Caddyfile")]
    service = HttpService(
        ["env", f"HOME={folder}", *command], folder, lambda: accepts_connections(port), port=port
    )
    with running(service):
        yield service
