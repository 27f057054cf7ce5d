"""The configurations of `examples/deploy/`, made to run on this machine."""

from __future__ import annotations

import re
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "examples" / "deploy"


def vcl(*ports: int) -> str:
    """The VCL with two backends on these ports; the last one again for a missing one."""
    text = (DEPLOY / "varnish.vcl").read_text("utf-8")
    for number in (1, 2):
        port = ports[min(number, len(ports)) - 1]
        there = f'.host = "server{number}";\n    .port = "8000";'
        assert there in text
        text = text.replace(there, f'.host = "127.0.0.1";\n    .port = "{port}";')
    return text


def nginx_conf(*ports: int) -> str:
    """The configuration of nginx, for `running_nginx`, with these servers."""
    text = (DEPLOY / "nginx" / "nginx.conf").read_text("utf-8")
    text = re.sub(r" *server server2:8000.*\n", "", text)
    line = next(line for line in text.splitlines() if "server1:8000" in line)
    lines = (line.replace("server1:8000", f"127.0.0.1:{port}") for port in ports)
    text = text.replace(line, "\n".join(lines))
    text = text.replace("/var/cache/nginx/ssg", "{folder}/cache")
    return text.replace("listen 80;", "listen 127.0.0.1:{port};")


def caddyfile(port: int, *ports: int) -> str:
    """The Caddyfile for plain HTTP on a port, with these servers."""
    text = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    servers = " ".join(f"127.0.0.1:{one}" for one in ports)
    text = text.replace("server1:8000 server2:8000", servers)
    text = text.replace("www.example.org {", f"http://127.0.0.1:{port} {{")
    return "{\n\tadmin off\n\tauto_https off\n}\n" + text
