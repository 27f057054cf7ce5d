"""The units of systemd that keep popular pages rendered, and their script."""

from __future__ import annotations

import configparser
import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.scaffold.new_site import NewSiteOptions, new_site

ROOT = Path(__file__).parents[3]
NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
SYSTEMD = ROOT / "examples" / "deploy" / "systemd"
UNITS = ("ssg-popular.service", "ssg-popular.timer")


def test_systemd_accepts_the_units_and_finds_the_service_hardened(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for name in (*UNITS, "ssg.service"):
        text = (SYSTEMD / name).read_text("utf-8").replace("/opt/ssg/bin/ssg", "/bin/true")
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=40"]
    subprocess.run([*words, tmp_path / UNITS[0]], check=True, capture_output=True, timeout=60)
    calendar = _values(UNITS[1])["Timer"]["oncalendar"]
    subprocess.run(["systemd-analyze", "calendar", calendar], check=True, timeout=60)


def _values(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters="=")
    parser.read_string((SYSTEMD / name).read_text("utf-8"))
    return parser


def _commands() -> Iterator[str]:
    for line in (SYSTEMD / UNITS[0]).read_text("utf-8").splitlines():
        name, _, command = line.partition("=")
        if name == "ExecStart":
            yield command


def test_its_commands_count_build_and_release(tmp_path: Path) -> None:
    """Run as they are written, with another folder, and a journal of one request a page."""
    site, programs = tmp_path / "site", tmp_path / "bin"
    programs.mkdir()
    _program(programs / "journalctl", f"cat {tmp_path / 'journal'}")
    _program(programs / "ssg", f'PYTHONPATH={ROOT} exec {sys.executable} -m ssg "$@"')
    new_site(site / "source", NewSiteOptions(base_url="https://example.org/", target="server"), NOW)
    lines = [
        '{"time": "2026-01-30T10:00:01.250+00:00", "event": "request", "method": "GET", "path": '
        f'"{path}", "status": 200, "bytes": 512, "source": "file", "client": "203.0.113.7"}}\n'
        for path in ("/about/", "/about/", "/blog/")
    ]
    (tmp_path / "journal").write_text("".join(lines))
    shutil.copy(SYSTEMD / "new-release.sh", site)
    for command in _commands():
        here = command.replace("/opt/ssg/bin/ssg", str(programs / "ssg"))
        here = here.replace("/srv/site", str(site)).replace("journalctl", f"{programs}/journalctl")
        subprocess.run(here, shell=True, check=True, cwd=site, timeout=120)  # noqa: S602 our own
    popular = (site / "source" / "data" / "popular.json").read_text("utf-8")
    assert '{"path": "/about/", "requests": 2}' in popular
    assert (site / "current" / "deploy.toml").is_file()
    assert (site / "current").resolve().parent == (site / "releases").resolve()


def _program(place: Path, text: str) -> None:
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)


def test_the_last_five_releases_are_kept(tmp_path: Path) -> None:
    (tmp_path / "source" / "dist").mkdir(parents=True)
    (tmp_path / "source" / "dist" / "deploy.toml").write_text("new")
    for day in range(1, 8):
        (tmp_path / "releases" / f"2026-01-0{day}T031700Z").mkdir(parents=True)
    (tmp_path / "releases" / "2026-01-07T041700Z.part").mkdir()
    (tmp_path / "current").symlink_to("releases/2026-01-07T031700Z")
    subprocess.run(["sh", SYSTEMD / "new-release.sh", tmp_path], check=True, timeout=20)
    kept = sorted(one.name for one in (tmp_path / "releases").iterdir())
    assert kept[:4] == [f"2026-01-0{day}T031700Z" for day in range(4, 8)]
    assert len(kept) == 5
    assert (tmp_path / "current").readlink() == Path("releases") / kept[4]
    assert (tmp_path / "current" / "deploy.toml").read_text() == "new"
