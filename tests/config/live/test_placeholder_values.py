from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.model.errors import ConfigError

ROUTE = """
[sources.api]
url = "https://api.example.org"

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"

[[routes]]
path = "/{user}/"
template = "user.html"
"""
COMMON = """
[placeholders.user]
where = "[a-z]{3,9}"
except = ["about"]
"""


def _routes(
    folder: Path, text: str
) -> list[tuple[str, dict[str, str], dict[str, tuple[str, ...]]]]:
    (folder / "ssg.toml").write_text(text)
    routes = load(folder, environment={}).settings.site.routes
    return [(one.path, dict(one.where), dict(one.excluded)) for one in routes]


def test_a_placeholder_has_the_same_values_in_all_routes(tmp_path: Path) -> None:
    where, excluded = {"user": "[a-z]{3,9}"}, {"user": ("about",)}
    assert _routes(tmp_path, COMMON + ROUTE) == [
        ("/{user}/{slug}/", where, excluded),
        ("/{user}/", where, excluded),
    ]


def test_what_a_route_says_itself_counts(tmp_path: Path) -> None:
    own = 'where = { user = "[a-z]" }\nexcept = { slug = ["posts"] }\n'
    text = COMMON + ROUTE.replace('template = "post.html"\n', f'template = "post.html"\n{own}')
    assert _routes(tmp_path, text) == [
        ("/{user}/{slug}/", {"user": "[a-z]"}, {"user": ("about",), "slug": ("posts",)}),
        ("/{user}/", {"user": "[a-z]{3,9}"}, {"user": ("about",)}),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[placeholders.usr]\nwhere = "x"\n',
         'ssg.toml:1:1: no route has a placeholder "usr". Did you mean "user"?'),
        ('[placeholders.user]\nwhere = "("\n',
         'ssg.toml:2:1: "(" is not a regular expression: missing ), unterminated subpattern at '
         "position 0"),
        ('[placeholders.user]\nwere = "x"\n',
         'ssg.toml:2:1: unknown key "were". Did you mean "where"?'),
        ("placeholders = 3\n", 'ssg.toml:1:1: "placeholders" must be a table, not the number 3'),
    ],
)  # fmt: skip
def test_mistakes_are_told_once(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "ssg.toml").write_text(text + ROUTE)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, environment={})
    assert [str(one) for one in caught.value.problems] == [expected]
