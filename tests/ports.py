"""Ports for servers that bind them some seconds after they were told their number."""

from __future__ import annotations

import os
import socket

# Below the ports that Linux gives to outgoing connections (ip_local_port_range): one of those
# would be lost to another test's connection while a slow server is still starting.
FIRST, SPAN, WORKERS = 20_000, 400, 30
_next = os.getpid() % SPAN


def free_port() -> int:
    """A port of 127.0.0.1 that no other worker of this test run is given."""
    global _next  # noqa: PLW0603 - the same number must not be given twice
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    for _ in range(SPAN):
        _next = (_next + 1) % SPAN
        port = FIRST + worker * SPAN + _next
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError(f"no free port from {FIRST} on")
