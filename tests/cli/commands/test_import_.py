"""`ssg import`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

from ssg.cli.commands.import_ import Generator
from ssg.importers.registry import GENERATORS
from tests.cli.conftest import Ran

OLD = {
    "old/hugo.toml": 'title = "Old"\nbaseURL = "https://old.example.com/"\nodd = 1\n',
    "old/content/a.md": "---\ntitle: A\naliases: [/b/]\n---\n{{< own >}}\n",
    "old/static/x.txt": "x",
}


def test_a_site_is_made_and_builds(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    done = ssg("import", "hugo", "old", "new", files=OLD)
    assert done.status == 0
    *figures, hosting = done.out.splitlines()
    assert figures == [
        "pages       1",
        "assets      1",
        "redirects   1",
        "to look at  2 kinds, at 2 places",
        "site        new, read new/IMPORT.md",
    ]
    assert hosting.startswith("hosting     netlify.toml, requirements.txt, .gitignore")
    assert done.err.splitlines() == [
        "setting: the setting odd was not imported: hugo.toml",
        "shortcode: the template of own must be written: content/a.md:5",
        "next: cd new && ssg serve",
    ]
    assert ssg("build", "--root", str(tmp_path / "new")).status == 0


def test_the_new_site_deploys_as_it_stands(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    files = {**OLD, "old/hugo.toml": 'title = "Old"\npublishDir = "dist"\n'}
    ssg("import", "hugo", "old", "new", files=files)
    new = tmp_path / "new"
    hosted = tomllib.loads((new / "netlify.toml").read_text())
    assert hosted["build"]["publish"] == "dist"
    assert 'SSG_BASE_URL="$URL" python -m ssg build' in hosted["build"]["command"]
    assert (new / ".gitignore").read_text().startswith("/dist/\n/.ssg/\n")
    required = (new / "requirements.txt").read_text().splitlines()[-1]
    assert required.startswith("ssg") or (new / required).is_file()


def test_the_address_that_the_old_site_had_stays(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    ssg("import", "hugo", "old", "new", files=OLD)
    hosted = tomllib.loads((tmp_path / "new" / "netlify.toml").read_text())
    assert "SSG_BASE_URL" not in hosted["build"]["command"]


def test_what_is_there_to_deploy_with_is_kept(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    files = {**OLD, "new/netlify.toml": "[build]\n", "old/netlify.toml": "[build]\n"}
    ran = ssg("import", "hugo", "old", "new", "--force", files=files)
    assert (tmp_path / "new" / "netlify.toml").read_text() == "[build]\n"
    assert "\nkept as they were: netlify.toml\n" in ran.err
    assert "\nfile: was not imported: the new site has its own" in "\n" + ran.err
    again = json.loads(ssg("import", "hugo", "old", "new", "--force", "--json").out)
    assert again["hosting"] == []


def test_the_new_site_is_beside_by_default(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    assert ssg("import", "hugo", "old", "--quiet", files=OLD) == Ran(0, "", "")
    assert (tmp_path / "old-ssg" / "ssg.toml").is_file()


def test_a_dry_run_writes_nothing(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    done = ssg("import", "hugo", "old", "new", "--dry-run", files=OLD)
    assert done.status == 0
    assert "new (not written)" in done.out
    assert not (tmp_path / "new").exists()


def test_json_has_everything(ssg: Callable[..., Ran]) -> None:
    done = ssg("import", "hugo", "old", "new", "--json", files=OLD)
    found = json.loads(done.out)
    assert done.err == ""
    assert set(found) == {
        "generator", "folder", "pages", "assets", "redirects", "findings", "files", "hosting",
    }  # fmt: skip
    assert found["pages"] == 1
    assert {"netlify.toml", ".gitignore"} < {*found["hosting"]}
    assert found["findings"][1] == {
        "kind": "shortcode",
        "what": "the template of own must be written",
        "places": ["content/a.md:5"],
    }


def test_a_folder_that_is_not_empty_needs_force(ssg: Callable[..., Ran]) -> None:
    files = {**OLD, "new/mine.txt": "mine"}
    done = ssg("import", "hugo", "old", "new", files=files)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "error: the folder new is not empty. Choose another one, or write over it with --force\n"
    )
    assert ssg("import", "hugo", "old", "new", "--force").status == 0


def test_an_error_names_the_file(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    done = ssg("import", "zola", "old", "new", "--json", files={"old/config.toml": "x"})
    assert done.status == 1
    assert json.loads(done.out)["errors"][0]["where"]["path"] == "config.toml"
    assert not (tmp_path / "new").exists()


def test_an_age_must_be_one(ssg: Callable[..., Ran]) -> None:
    done = ssg("import", "hugo", "old", "new", "--defer", "soon", files=OLD)
    assert done.status == 2
    assert "soon is not an age" in done.err
    assert ssg("import", "hugo", "old", "new", "--defer", "1y").status == 0


def test_a_generator_must_be_known(ssg: Callable[..., Ran]) -> None:
    assert ssg("import", "wordpress", "old", "new", files=OLD).status == 2


def test_every_importer_can_be_named() -> None:
    assert list(Generator) == list(GENERATORS)
