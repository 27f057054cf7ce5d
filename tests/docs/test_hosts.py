"""The page about hosts says what the code knows of them."""

from __future__ import annotations

import re
from pathlib import Path

from ssg.config.target_registry import TARGETS
from ssg.model.capabilities import Capabilities
from ssg.model.settings import TargetSettings
from ssg.targets.load_target import target_for

PAGE = Path(__file__).parents[2] / "content/docs/hosts.md"


def _row(name: str, kind: str, host: Capabilities) -> tuple[str, ...]:
    kept = "if asked" if host.keeps_if_asked else "no" if host.clears_at_deploy else "always"
    renders = "CPython" if host.is_native else "Pyodide" if host.dialect else "nothing"
    size = f"{host.body_bytes:,}" if host.body_bytes else "no limit"
    soft = "yes" if host.has_soft_purge else "no"
    sockets = "yes" if host.has_sockets else "no"
    return name, kind, str(host.tags or "none"), soft, kept, renders, sockets, size


def test_each_host_has_its_row() -> None:
    expected = set()
    for name in TARGETS:
        target = target_for(TargetSettings(name=name), package=False)
        kinds = target.kinds or {"": target.capabilities}
        expected |= {_row(name, kind, host) for kind, host in kinds.items()}
    lines = re.findall(r"^\| (?:\[)?`(?!target).*$", PAGE.read_text("utf-8"), re.M)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    found = {(re.sub(r"\(.*\)|[\[\]`]", "", row[0]), row[1].strip("`"), *row[2:]) for row in rows}
    assert found == expected
