"""The files with which the platform is deployed: of images, of several containers, of Varnish."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from blog.settings import read_settings
from ssg.server.settings import read_settings as read_server_settings
from tests.platform.cluster import EXAMPLE, REPOSITORY, vcl
from tests.services import program
from tests.targets.server.dockerfile import instructions

DOCKERFILE = EXAMPLE / "Dockerfile"
PLAIN_VCL = REPOSITORY / "examples" / "deploy" / "varnish.vcl"
SECRET = "s" * 32


@pytest.fixture
def services() -> dict[str, Any]:
    """The services of the compose file, with the secrets that it asks for."""
    text = (EXAMPLE / "compose.yaml").read_text("utf-8")
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    text = re.sub(r"\$\{\w+:\?[^}]*\}", SECRET, text)
    assert "${" not in text
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    linter = shutil.which("hadolint") or (str(beside) if beside.exists() else None)
    if linter is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run([linter, DOCKERFILE], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_copies_what_there_is_and_runs_without_root() -> None:
    steps = instructions(DOCKERFILE.read_text("utf-8"))
    last = steps[max(number for number, (name, _) in enumerate(steps) if name == "FROM") :]
    assert "RUN" not in [name for name, _ in last]
    assert ("USER", "10001:10001") in last
    for name, words in steps:
        if name == "COPY" and not words.startswith("--from"):
            for source in words.split()[:-1]:
                assert (REPOSITORY / source).exists(), source
    (command,) = (words for name, words in last if name == "CMD")
    assert '"blog.app:app"' in command
    ignored = (EXAMPLE / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert {"**/.data", "**/.env", "**/.git"} <= set(ignored)


def test_compose_has_all_of_production(services: dict[str, Any]) -> None:
    assert set(services) == {
        "postgres", "redis", "api", "build", "server1", "server2", "varnish",
    }  # fmt: skip
    assert services["server1"] == services["server2"]
    assert [name for name, service in services.items() if "ports" in service] == ["varnish"]
    for name in ("api", "build", "server1"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        build = services[name]["build"]
        assert (EXAMPLE / build["context"] / build["dockerfile"]).samefile(DOCKERFILE)
    for volume in services["varnish"]["volumes"]:
        assert (EXAMPLE / volume.split(":")[0]).is_file()
    assert services["server1"]["depends_on"]["build"]["condition"] == (
        "service_completed_successfully"
    )


def test_the_api_and_the_servers_read_their_settings(services: dict[str, Any]) -> None:
    settings = read_settings(services["api"]["environment"])
    varnish = services["varnish"]["networks"]["default"]["ipv4_address"]
    assert settings.trusted_proxies == (varnish,)
    assert settings.purge_urls == ("http://varnish",)
    server = read_server_settings(services["server1"]["environment"])
    assert server.jwt_secret == settings.jwt_secret
    assert server.purge_secret == settings.purge_secret.encode()
    assert (server.host, server.port, server.front) == ("0.0.0.0", 8000, "varnish")  # noqa: S104
    secret = services["varnish"]["environment"]["SSG_VARNISH_SECRET"]
    assert services["server1"]["environment"]["SSG_VARNISH_SECRET"] == secret


def test_varnish_does_all_that_it_does_for_a_site_alone() -> None:
    own = (EXAMPLE / "varnish.vcl").read_text("utf-8").splitlines()
    plain = PLAIN_VCL.read_text("utf-8").splitlines()
    start = plain.index("vcl 4.1;")
    lines = iter(own)
    missing = [line for line in plain[start:] if line not in lines]
    assert missing == []


@pytest.mark.varnish
def test_varnish_compiles_its_configuration(tmp_path: Path) -> None:
    file = tmp_path / "platform.vcl"
    file.write_text(vcl(8001, 8002, 8003))
    command = [
        str(program("varnishd")),
        "-C",
        "-j",
        "none",
        "-n",
        str(tmp_path / "work"),
        "-f",
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
