"""A target as a newcomer adds it: a class in a module of its own, and one entry of the table."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from ssg.config.json_schema import config_schema
from ssg.config.target_registry import TARGETS, TargetEntry
from ssg.model.settings import TargetSettings
from ssg.targets.load_target import target_for
from ssg.targets.netlify.target import NetlifyTarget
from ssg.targets.purge.purger import Purger, PurgeReport, purge_in_batches
from ssg.targets.static import StaticTarget
from ssg.targets.target import EmitContext, EmitResult, Target
from tests.cli.conftest import Ran, ssg  # noqa: F401 the fixture
from tests.conftest import Built

FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n',
    "content/a.md": "Text.\n",
}
MODULE = "tests.harbor"


class HarborTarget(StaticTarget):
    """Defers, and writes a file for its host."""

    name = "harbor"
    defers = True

    def __init__(self, settings: TargetSettings, *, package: bool = True) -> None:
        super().__init__(settings, package=package)
        self.new_site_files = (Path(sys.modules[MODULE].__dict__["FILE"]),)

    def emit(self, stage: EmitContext) -> EmitResult:
        paths = stage.site.deferred_paths()
        (stage.publish_dir / "harbor.json").write_text(json.dumps(paths))
        return EmitResult(builder="/harbor/pages")

    def purger(
        self,
        environment: Mapping[str, str],  # noqa: ARG002 the protocol's
        log: Callable[[str], None],  # noqa: ARG002 the protocol's
    ) -> Purger:
        return HarborPurger()


class HarborPurger:
    """Notes what it purges, in `purged` of the current folder."""

    host = "Harbor"

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        return purge_in_batches(self.host, tags, 2, lambda batch, _: self._note(*batch))

    def purge_everything(self) -> PurgeReport:
        self._note("everything")
        return PurgeReport(self.host, everything=True)

    def _note(self, *words: str) -> None:
        with Path("purged").open("a") as file:
            file.write(" ".join(words) + "\n")


@pytest.fixture(autouse=True)
def harbor(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(MODULE)
    module.__dict__["HarborTarget"] = HarborTarget
    module.__dict__["FILE"] = tmp_path_factory.mktemp("harbor") / "harbor.yaml"
    module.__dict__["FILE"].write_text("publish: << output_dir >>\n")
    monkeypatch.setitem(sys.modules, MODULE, module)
    monkeypatch.setitem(TARGETS, "harbor", TargetEntry(f"{MODULE}:HarborTarget", ("harbor.yaml",)))


def test_each_entry_of_the_table_names_a_target_of_that_name() -> None:
    made: list[Target] = [target_for(TargetSettings(name), package=False) for name in TARGETS]
    assert [target.name for target in made] == list(TARGETS)
    typed: list[Target] = [StaticTarget(TargetSettings()), NetlifyTarget(TargetSettings())]
    assert typed


@pytest.mark.parametrize(("name", "entry"), TARGETS.items())
def test_a_kind_that_a_configuration_may_name_is_one_of_its_host(
    name: str, entry: TargetEntry
) -> None:
    target = target_for(TargetSettings(name), package=False)
    assert tuple(target.kinds) == tuple(entry.kinds)
    for kind, can in target.kinds.items():
        assert target_for(TargetSettings(name, kind=kind), package=False).capabilities == can


def test_a_build_defers_and_emits(site: Callable[..., Built]) -> None:
    built = site(FILES, target="harbor")
    assert json.loads(built.read("harbor.json")) == ["/a/"]
    assert (built.report.target, built.report.builder) == ("harbor", "/harbor/pages")
    assert json.loads(built.report.manifest.read_text())["target"] == "harbor"


def test_its_cache_is_purged_in_batches_of_its_own(
    ssg: Callable[..., Ran],  # noqa: F811
    tmp_path: Path,
) -> None:
    done = ssg("purge", "--host", "harbor", "--tag", "a", "--tag", "b", "--tag", "c")
    assert (done.status, done.out) == (0, "Harbor: 3 tags purged\n")
    assert ssg("purge", "--host", "harbor", "--all").out == "Harbor: everything is purged\n"
    assert (tmp_path / "purged").read_text() == "a b\nc\neverything\n"


def test_the_commands_know_it(ssg: Callable[..., Ran], tmp_path: Path) -> None:  # noqa: F811
    assert ssg("new", "site", "x", "--yes", "--target", "harbor").status == 0
    assert (tmp_path / "x/harbor.yaml").read_text() == "publish: public\n"
    assert not (tmp_path / "x/netlify.toml").exists()
    assert 'name = "harbor"' in (tmp_path / "x/ssg.toml").read_text()
    assert "`harbor.yaml`" in (tmp_path / "x/README.md").read_text()
    assert ", 1 deferred" in ssg("plan", "--root", "x").out
    assert ssg("build", "--root", "x").status == 0
    assert (
        "nothing to verify: the last build emitted no function" in ssg("verify", "--root", "x").err
    )
    assert ssg("redirects", "--root", "x").err == "no redirect rules for the target harbor\n"
    assert ssg("new", "page", "p", "--deferred", "--root", "x").err == ""


def test_a_build_reads_the_files_of_the_host_again(ssg: Callable[..., Ran], tmp_path: Path) -> None:  # noqa: F811
    ssg("new", "site", "x", "--yes", "--target", "harbor")
    ssg("build", "--root", "x")
    assert "nothing has changed" in ssg("build", "--root", "x").out
    (tmp_path / "x/harbor.yaml").write_text("publish: elsewhere\n")
    assert "nothing has changed" not in ssg("build", "--root", "x").out


def test_its_name_is_checked_as_any_other(ssg: Callable[..., Ran]) -> None:  # noqa: F811
    ran = ssg("build", "--target", "harbour")
    assert ran.err == '--target: error: unknown target "harbour". Did you mean "harbor"?\n'
    ran = ssg("new", "site", "x", "--yes", "--target", "harbour")
    assert ran.err == '--target: error: unknown target "harbour". Did you mean "harbor"?\n'


def test_the_schema_lists_it() -> None:
    names = config_schema()["properties"]["target"]["properties"]["name"]["enum"]
    assert names == ["lambda", "netlify", "server", "static", "vercel", "harbor"]
