"""Which storage a setting opens, and what is imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = """
import sys
import ssg.edge.app
from ssg.edge.storage.open_store import open_store
open_store(sys.argv[1], print).open("b").close()
assert "redis" not in sys.modules
"""
WITHOUT_REDIS = """
import sys
sys.modules["redis"] = None  # as if it was not installed
from ssg.edge.storage.open_store import open_store
from ssg.model.errors import ConfigError
try:
    open_store("redis://127.0.0.1/", print)
except ConfigError as error:
    assert "pip install 'ssg[redis]'" in str(error), error
else:
    raise SystemExit("it was opened")
"""


@pytest.mark.parametrize("code", [FOLDER, WITHOUT_REDIS])
def test_the_package_redis_is_needed_for_its_urls_only(tmp_path: Path, code: str) -> None:
    command = [sys.executable, "-c", code, str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
