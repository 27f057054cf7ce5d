"""What `ssg new site --target server` writes to deploy a site, and the examples of it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from ssg.scaffold.new_site import NewSiteOptions, site_files
from tests.ports import free_port
from tests.services import accepts_connections, wait_until
from tests.targets.server.dockerfile import build_image, instructions

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
EXAMPLES = Path(__file__).parents[3] / "examples" / "deploy"
PLACES = {
    "Dockerfile": "Dockerfile",
    ".dockerignore": ".dockerignore",
    "compose.yaml": "compose.yaml",
    "varnish.vcl": "varnish.vcl",
    "ssg.service": "systemd/ssg.service",
}


def new_site(folder: Path, base_url: str = "") -> Path:
    options = NewSiteOptions(base_url=base_url, target="server")
    for file in site_files(options, NOW):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return folder


@pytest.mark.parametrize("name", PLACES)
def test_the_examples_are_what_a_new_site_gets(tmp_path: Path, name: str) -> None:
    """Only a site with its own copy of ssg copies that into the image."""
    lines = (new_site(tmp_path) / name).read_text("utf-8").splitlines()
    lines = [line for line in lines if line != "COPY vendor ./vendor"]
    assert (EXAMPLES / PLACES[name]).read_text("utf-8").splitlines() == lines


def test_each_step_of_the_image_runs_and_its_command_serves_the_site(tmp_path: Path) -> None:
    context = new_site(tmp_path / "context")
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    names = ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT", "SSL_CERT_FILE", "HTTPS_PROXY")
    clean |= {name: os.environ[name] for name in names if name in os.environ}
    clean["SSG_BASE_URL"] = "https://example.org/"
    python = Path(os.path.realpath(shutil.which("python3") or "python3")).parent
    clean["PATH"] = f"{python}:{clean['PATH']}"
    image = build_image(context, tmp_path / "root", clean)
    assert image.user == "10001:10001"
    assert not (image.root / "site").exists()
    port = free_port()
    environment = {**clean, **image.env, "SSG_HOST": "127.0.0.1", "PORT": str(port)}
    server = subprocess.Popen(image.command, cwd=image.root, env=environment)
    try:
        assert wait_until(lambda: accepts_connections(port), 20, lambda: server.poll() is not None)
        archived = next((context / "content" / "blog").glob("*archive.md")).stem
        for path in ("/", "/blog/", f"/blog/{archived.split('-', 3)[3]}/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                assert answer.status == 200
        assert subprocess.run(image.health, env=environment, timeout=20).returncode == 0
    finally:
        server.terminate()
        server.wait(20)
    assert subprocess.run(image.health, env=environment, timeout=20, stderr=-3).returncode == 1


def test_the_linter_of_dockerfiles_finds_nothing(tmp_path: Path) -> None:
    beside = Path(sys.executable).with_name("hadolint")
    linter = shutil.which("hadolint") or (str(beside) if beside.exists() else None)
    if linter is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [linter, new_site(tmp_path) / "Dockerfile"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_last_stage_runs_nothing_and_has_no_root(tmp_path: Path) -> None:
    text = (new_site(tmp_path) / "Dockerfile").read_text("utf-8")
    steps = instructions(text)
    last = steps[max(number for number, (name, _) in enumerate(steps) if name == "FROM") :]
    names = [name for name, _ in last]
    assert "RUN" not in names
    assert all(arguments.startswith("--from=build ") for name, arguments in last if name == "COPY")
    assert names.index("USER") < names.index("CMD")


@pytest.mark.parametrize("base_url", ["", "https://example.org/"])
def test_compose_starts_two_servers_redis_and_varnish(tmp_path: Path, base_url: str) -> None:
    site = new_site(tmp_path, base_url)
    services: dict[str, Any] = yaml.safe_load((site / "compose.yaml").read_text("utf-8"))[
        "services"
    ]
    assert set(services) == {"redis", "server1", "server2", "varnish"}
    assert services["server1"] == services["server2"]
    assert all(service["read_only"] is True for service in services.values())
    assert [name for name, service in services.items() if "ports" in service] == ["varnish"]
    server = services["server1"]
    assert server["cap_drop"] == ["ALL"]
    assert ("args" in server["build"]) == (not base_url)
    assert server["environment"]["SSG_FRONT"] == "varnish"
    secret = services["varnish"]["environment"]["SSG_VARNISH_SECRET"]
    assert server["environment"]["SSG_VARNISH_SECRET"] == secret
    assert server["depends_on"]["redis"]["condition"] == "service_healthy"
    assert "HEALTHCHECK" in (site / "Dockerfile").read_text("utf-8")
    for volume in services["varnish"]["volumes"]:
        assert (site / volume.split(":")[0]).is_file()
    vcl = (site / "varnish.vcl").read_text("utf-8")
    assert all(f'.host = "{name}"' in vcl for name in ("server1", "server2"))


def test_systemd_accepts_the_unit_and_finds_it_hardened(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "ssg.service"
    text = (EXAMPLES / "systemd" / "ssg.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/ssg/bin/ssg", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    assert subprocess.run(words, capture_output=True, timeout=60).returncode == 0


def test_the_settings_for_fly_name_the_port_and_the_dockerfile() -> None:
    values = tomllib.loads((EXAMPLES / "fly" / "fly.toml").read_text("utf-8"))
    text = (EXAMPLES / "Dockerfile").read_text("utf-8")
    assert f" PORT={values['http_service']['internal_port']}" in text
    assert values["build"]["dockerfile"] == "Dockerfile"
