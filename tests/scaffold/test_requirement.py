"""The requirement with which a host installs ssg."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path

import pytest

import ssg
from ssg.scaffold.requirement import WHEEL, pack, requirement

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (None, f"ssg=={ssg.__version__}"),
        (
            {"url": "https://git.example/x.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"ssg @ git+https://git.example/x.git@{COMMIT}",
        ),
        (
            {
                "url": "https://git.example/x.git", "subdirectory": "ssg",
                "vcs_info": {"vcs": "git", "commit_id": COMMIT},
            },
            f"ssg @ git+https://git.example/x.git@{COMMIT}#subdirectory=ssg",
        ),
        ({"url": "https://x.example/ssg.whl"}, "ssg @ https://x.example/ssg.whl"),
        (
            {"url": "https://x.example/s.whl", "archive_info": {"hashes": {"sha256": "ab"}}},
            "ssg @ https://x.example/s.whl#sha256=ab",
        ),
        ({"url": "file:///home/me/ssg", "dir_info": {"editable": True}}, f"./vendor/{WHEEL}"),
        ({"url": "file:///home/me/ssg.whl", "archive_info": {}}, f"./vendor/{WHEEL}"),
    ],
)  # fmt: skip
def test_the_requirement_depends_on_the_installation(origin: object, line: str) -> None:
    assert requirement(origin) == line


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel") / WHEEL
    place.write_bytes(pack(distribution("ssg")))
    return place


def test_a_packed_wheel_contains_code_themes_and_the_site_template(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {
        "ssg/__init__.py",
        "ssg/themes/default/templates/base.html",
        "ssg/scaffold/site_template/content/_index.md",
        "ssg/render/builtin/feed.xml",
        "ssg/preview/live.js",
        f"ssg-{ssg.__version__}.dist-info/METADATA",
    } <= set(names)
    assert len(names) == len(set(names))
    assert not [name for name in names if "__pycache__" in name]


def test_packing_twice_gives_the_same_bytes(wheel: Path) -> None:
    assert pack(distribution("ssg")) == wheel.read_bytes()


def test_pip_installs_a_packed_wheel_that_works(wheel: Path, tmp_path: Path) -> None:
    """Into a folder, without its dependencies: those are the ones of this Python."""
    place = tmp_path / "place"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*command, "--target", place, wheel], check=True, timeout=120)
    code = "import ssg, ssg.config.themes as t; print(ssg.__file__, t.theme_names(t.Path('.')))"
    environment = {"PYTHONPATH": str(place), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith(str(place))
    assert "'default'" in done.stdout


def test_the_record_names_every_file(wheel: Path) -> None:
    archive = zipfile.ZipFile(BytesIO(wheel.read_bytes()))
    record = archive.read(f"ssg-{ssg.__version__}.dist-info/RECORD").decode()
    listed = {line.rsplit(",", 2)[0] for line in record.splitlines()}
    assert listed == set(archive.namelist())


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (None, f"ssg[redis,server]=={ssg.__version__}"),
        ({"url": "https://e.example/ssg.whl"}, "ssg[redis,server] @ https://e.example/ssg.whl"),
        ({"url": "file:///home/me/ssg"}, f"./vendor/{WHEEL}[redis,server]"),
    ],
)
def test_a_requirement_may_have_extras(origin: object, line: str) -> None:
    assert requirement(origin, ("redis", "server")) == line
