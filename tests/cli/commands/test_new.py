"""`ssg new site` and `ssg new page`."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.config.themes import theme_names
from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What the user types."""

    def give(text: str) -> None:
        lines = iter(text.splitlines())

        def ask(*_: object, **__: object) -> str:
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("typer._click.termui.visible_prompt_func", ask)

    return give


def test_a_new_site_builds_without_a_warning_and_has_a_deferred_page(
    ssg: Ssg, tmp_path: Path
) -> None:
    assert ssg("new", "site", "boats", "--yes").status == 0
    plan = ssg("plan", "--root", "boats")
    assert "/blog/a-post-from-the-archive/  deferred" in plan.out
    assert "/blog/a-first-post/" in plan.out
    built = ssg("build", "--root", "boats", "--target", "static", "--strict")
    assert (built.status, "warning" in built.err) == (0, False)
    page = (tmp_path / "boats/public/blog/a-first-post/index.html").read_text("utf-8")
    assert "More like this" in page


@pytest.mark.parametrize("theme", theme_names(Path("nowhere")))
@pytest.mark.parametrize("example", ["--example", "--no-example"])
def test_a_new_site_has_no_findings(ssg: Ssg, theme: str, example: str) -> None:
    assert ssg("new", "site", "x", "--yes", "--theme", theme, example).status == 0
    checked = ssg("check", "--root", "x")
    assert (checked.status, checked.out) == (0, "")


def test_files_for_the_host_are_there(ssg: Ssg, tmp_path: Path) -> None:
    ssg("new", "site", "x", "--yes")
    netlify = (tmp_path / "x/netlify.toml").read_text()
    assert 'SSG_BASE_URL="$URL" python -m ssg build' in netlify
    assert "PYTHON_VERSION" in netlify
    lines = (tmp_path / "x/requirements.txt").read_text().splitlines()
    (requirement,) = [line for line in lines if not line.startswith("#")]
    if requirement.startswith("./"):
        assert (tmp_path / "x" / requirement).is_file()
    assert "/public/" in (tmp_path / "x/.gitignore").read_text()


@pytest.mark.parametrize(
    ("target", "address", "writes"),
    [
        ("netlify", "On the host, netlify.toml sets it.", "writes `public/`"),
        ("vercel", "On the host, vercel.json sets it.", "writes `.vercel/output/`"),
        ("server", "The variable SSG_BASE_URL sets it for a build, too.", "writes `dist/`"),
        ("lambda", "The variable SSG_BASE_URL sets it for a build, too.", "writes `dist/`"),
        ("static", "The variable SSG_BASE_URL sets it for a build, too.", "writes `public/`"),
    ],
)
def test_a_new_site_says_where_its_address_and_its_output_are(
    ssg: Ssg, tmp_path: Path, target: str, address: str, writes: str
) -> None:
    assert ssg("new", "site", "x", "--yes", "--target", target).status == 0
    settings = (tmp_path / "x/ssg.toml").read_text("utf-8")
    assert f"# The address of the site. {address}\n# base_url" in settings
    assert writes in (tmp_path / "x/README.md").read_text("utf-8")


def test_flags_are_answers(ssg: Ssg, tmp_path: Path) -> None:
    title = 'The "Boat" <&> Ö'
    arguments = ("--title", title, "--base-url", "https://boats.example/", "--no-example")
    assert ssg("new", "site", "x", "--yes", *arguments).status == 0
    assert ssg("config", "title", "--root", "x").out == f"{title}\n"
    assert ssg("config", "base_url", "--root", "x").out == "https://boats.example/\n"
    assert 'SSG_BASE_URL="$URL"' not in (tmp_path / "x/netlify.toml").read_text()
    assert not (tmp_path / "x/content/blog").exists()


def test_what_is_not_given_is_asked_for(
    ssg: Ssg, tmp_path: Path, answers: Callable[[str], None]
) -> None:
    answers("Boats\nhttps://boats.example/\n\nfunction\nn\n")
    ran = ssg("new", "site", "x")
    assert ran.status == 0
    assert "builder: An On-demand Builder" in ran.err
    assert "function: A Netlify Function" in ran.err
    assert ssg("config", "target.kind", "--root", "x").out == "function\n"
    assert ssg("config", "title", "--root", "x").out == "Boats\n"
    assert not (tmp_path / "x/content/about.md").exists()


def test_no_answer_makes_no_site(ssg: Ssg, tmp_path: Path, answers: Callable[[str], None]) -> None:
    answers("Boats\n")
    ran = ssg("new", "site", "x")
    assert ran.status == 1
    assert "error: the question" in ran.err
    assert "accept the defaults with --yes" in ran.err
    assert not (tmp_path / "x").exists()


def test_existing_files_are_kept(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("new", "site", "x", "--yes", files={"x/README.md": "mine", "x/.git/HEAD": "ref"})
    assert ran.status == 0
    assert "kept x/README.md, which existed" in ran.err
    assert (tmp_path / "x/README.md").read_text() == "mine"


def test_a_new_site_says_what_each_kind_of_function_gives(ssg: Ssg, tmp_path: Path) -> None:
    for kind in ("builder", "function"):
        assert ssg("new", "site", kind, "--yes", "--kind", kind).status == 0
        text = (tmp_path / kind / "ssg.toml").read_text("utf-8")
        assert f'kind = "{kind}"' in text
        assert "#   builder: An On-demand Builder" in text
        assert "#   function: A Netlify Function" in text
        assert ssg("config", "target.kind", "--root", kind).out == f"{kind}\n"
    assert "function by paths of its own" in ssg("plan", "--root", "function").out
    assert ssg("new", "site", "x", "--yes", "--target", "static").status == 0
    assert "kind" not in (tmp_path / "x/ssg.toml").read_text("utf-8")


def test_a_kind_of_function_for_a_host_without_functions_is_an_error(
    ssg: Ssg, tmp_path: Path
) -> None:
    ran = ssg("new", "site", "x", "--yes", "--target", "static", "--kind", "function")
    assert (ran.status, ran.err) == (1, "--kind: error: static has no functions\n")
    assert not (tmp_path / "x").exists()


def test_a_kind_of_function_that_no_host_has_is_an_error(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("new", "site", "x", "--yes", "--kind", "functon")
    assert ran.status == 1
    assert '--kind: error: unknown kind of function "functon". Did you mean "function"?' in ran.err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["ssg.toml", "content/a.md"])
def test_a_site_is_not_made_over_another(ssg: Ssg, tmp_path: Path, name: str) -> None:
    ran = ssg("new", "site", "x", "--yes", files={f"x/{name}": ""})
    assert ran.status == 1
    assert "error: there is a site already" in ran.err
    assert len(list((tmp_path / "x").rglob("*.*"))) == 1


def test_all_bad_answers_are_reported_at_once(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("new", "site", "x", "--yes", "--theme", "defalt", "--base-url", "x", "--title", " ")
    assert ran.status == 1
    assert '--theme: error: unknown theme "defalt". Did you mean "default"?' in ran.err
    assert "--base-url: error: " in ran.err
    assert "--title: error: this is not a title" in ran.err
    assert not (tmp_path / "x").exists()


def test_a_new_page_is_made_and_its_path_printed(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("new", "page", "blog/My boat", "--deferred")
    assert (ran.status, ran.out) == (0, "content/blog/my-boat.md\n")
    assert "the target static renders every page" in ran.err
    assert "deferred: true" in (tmp_path / "content/blog/my-boat.md").read_text()
    again = ssg("new", "page", "blog/my-boat")
    assert (again.status, again.out) == (1, "")
    assert again.err.startswith("content/blog/my-boat.md: error: this page exists already")


def test_the_path_begins_where_the_user_is(ssg: Ssg) -> None:
    files = {"x/ssg.toml": 'theme = ""\n'}
    assert ssg("new", "page", "a", "--root", "x", files=files).out == "x/content/a.md\n"


def test_a_new_deferred_page_is_deferred(ssg: Ssg) -> None:
    ssg("new", "site", "x", "--yes")
    assert ssg("new", "page", "docs/old", "--deferred", "--root", "x").err == ""
    ssg("new", "page", "docs", "--section", "--root", "x")
    listed = ssg("list", "--deferred", "--drafts", "--root", "x").out
    assert "/docs/old/" in listed


def _editor(place: Path, text: str) -> str:
    place.write_text(f"#!{sys.executable}\n{text}")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return str(place)


def test_the_editor_opens_the_new_page(
    ssg: Ssg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import sys; open(sys.argv[2], 'a').write(sys.argv[1])"
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{_editor(tmp_path / 'my editor', code)}' 'two words'")
    assert ssg("new", "page", "a", "--edit").status == 0
    assert (tmp_path / "content/a.md").read_text().endswith("two words")


@pytest.mark.parametrize(
    ("command", "words"),
    [("", "no editor is set"), ("/no/such/editor", "cannot start"), ("false", "status 1")],
)
def test_an_editor_that_fails_is_reported(
    ssg: Ssg, monkeypatch: pytest.MonkeyPatch, command: str, words: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    ran = ssg("new", "page", "a", "--edit")
    assert ran.status == 1
    assert words in ran.err
