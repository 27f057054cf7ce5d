"""Starts the whole platform in one process, and builds the site against its own API.

The API answers first; then `ssg build`, another process, asks it which pages to render; then the
site is served. A site that has been built before is served at once, and the new build follows it.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from blog.app import application, endpoints
from blog.database import Database
from blog.demo.fill import fill
from blog.local_settings import DATA, DIST, SITE, local_environment
from blog.migrate import migrate
from blog.one_process import OneProcess
from blog.platform import Platform
from blog.purge.outbox import address_to
from blog.settings import read_settings
from ssg.edge.http.client_limits import ClientLimits
from ssg.edge.http.http_server import HttpServer, ServerLimits, server_log
from ssg.edge.http.listener import listening_socket, url_of
from ssg.model.errors import Problem, ServeError, SsgError
from ssg.server.access_log import first_only, log_of
from ssg.server.app import ServerApp
from ssg.server.settings import read_settings as read_server_settings
from ssg.server.site import ServedSite
from ssg.targets.bundles.native.deploy_file import DEPLOY_FILE

BODY_SECONDS = 120.0
"""How long a client may take to send the largest picture."""
END_SECONDS = 5.0
"""How long a build may take to end when the platform ends."""


def start(host: str, port: int, environment: Mapping[str, str], data: Path = DATA) -> int:
    """Serve until a signal; returns the status of the process. Raises SsgError, SettingsError."""
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    with listening_socket(host, port) as listener:
        url = url_of(listener, host).rstrip("/")
        variables = local_environment(environment, url, data)
        server_settings = read_server_settings(variables)
        log = log_of(server_settings.access_log)
        _prepare(variables)
        has_build = (DIST / DEPLOY_FILE).exists()
        site = ServerApp(lambda: ServedSite(server_settings, variables, first_only(log)))
        app = OneProcess(application(read_settings(variables)), site, has_build=has_build)
        build = SiteBuild(app, variables, is_first=not has_build)
        limits = ServerLimits(server_settings.connections, server_settings.grace_seconds)
        server = HttpServer(
            app,
            build.start,
            app.stop_site,
            limits=limits,
            clients=_client_limits(),
            trusted_proxies=server_settings.forwarded_allow_ips,
            has_lifespan=True,
        )
        build.server = server
        signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again at its end
        with server_log(log):
            try:
                server.run(sockets=[listener])
            except KeyboardInterrupt:
                pass
            finally:
                build.stop()
    return build.status if server.started else 1


def _client_limits() -> ClientLimits:
    """Let through the largest body that an endpoint takes, also from a slow network."""
    largest = max(endpoint.max_body_bytes for endpoint in endpoints())
    return ClientLimits(body_seconds=BODY_SECONDS, body_bytes=largest)


def _prepare(variables: Mapping[str, str]) -> None:
    """Bring the database to the present schema, and fill an empty one."""
    settings = read_settings(variables)
    database = Database(settings.database_url)
    try:
        migrate(database)
        with database.writing() as connection:
            address_to(connection, settings.purge_urls)
        if not Path(variables["SSG_CACHE"]).exists():  # then no page can be outdated
            settings = replace(settings, purge_urls=())
        passwords = fill(Platform(settings, database))
        if passwords:
            print("Log in as one of these. The passwords are shown this time only:")
        for name, password in passwords.items():
            print(f"  {name:8} {password}")
    finally:
        database.close()


class SiteBuild:
    """One run of `ssg build`, beside the server whose API it asks."""

    def __init__(self, app: OneProcess, variables: Mapping[str, str], *, is_first: bool) -> None:
        self.server: HttpServer | None = None
        self.status = 0
        self._app = app
        self._variables = variables
        self._is_first = is_first
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="build", daemon=True)

    def start(self) -> None:
        """Begin to build, when the API answers."""
        self._thread.start()

    def stop(self) -> None:
        """End the build, if there is one."""
        self._is_stopping = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(END_SECONDS)

    def _run(self) -> None:
        url = self._variables["SITE_URL"]
        print("building the site ..." if self._is_first else f"serving {url}/", flush=True)
        is_built = self._build() == 0
        if self._is_stopping:
            return
        if not self._is_first:
            if not is_built:
                print("the site is served as it was built before", file=sys.stderr, flush=True)
            return
        try:
            if not is_built:
                raise ServeError(Problem("the site could not be built"))
            self._app.start_site()
        except SsgError as error:
            self._fail(error)
        else:
            print(f"serving {url}/ (Ctrl-C ends it)", flush=True)

    def _build(self) -> int:
        """Run `ssg build`; returns its status. It does not get the Ctrl-C of this terminal."""
        command = [sys.executable, "-m", "ssg", "build", "--target", "server", "--quiet"]
        self._process = subprocess.Popen(
            command, cwd=SITE, env={**os.environ, **self._variables}, start_new_session=True
        )
        return self._process.wait()

    def _fail(self, problem: SsgError) -> None:
        """End the server: there is nothing to serve."""
        print(problem, file=sys.stderr, flush=True)
        self.status = 1
        if self.server is not None:
            self.server.should_exit = True
