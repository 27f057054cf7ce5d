"""`.env` files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.errors import ConfigError
from ssg.sources.env_file import parse_env, read_env_file


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=b", "b"),
        ("A=b\n", "b"),
        ("A=", ""),
        ("A=   # nothing", ""),
        (" export  A = b c ", "b c"),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A=postgresql://u:p@h/db?x=1", "postgresql://u:p@h/db?x=1"),
        ("A=a=b==", "a=b=="),
        ("A='as it is: $5 \\n # no'  # comment", "as it is: $5 \\n # no"),
        ('A="two\\nlines \\"q\\" \\$5 \\\\ # no"', 'two\nlines "q" $5 \\ # no'),
        ('A="two\nlines"', "two\nlines"),
        ("A='two\nlines'\n", "two\nlines"),
        ("A=''", ""),
        ("A=it's", "it's"),
        ("A=1\nA=2", "2"),
        ("A=${B}", "${B}"),
    ],
)
def test_a_value_is_read(text: str, value: str) -> None:
    assert parse_env(text, ".env") == {"A": value}


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes("\ufeff# a comment\r\n\r\nA=ü\r\n\t\nB_2='b'\r\n".encode())
    assert read_env_file(path) == {"A": "ü", "B_2": "b"}


def test_lines_that_are_wrong_are_named_without_their_text() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_env("A=1\nsecret\n2B=secret\nC='secret\nD=1\n", "x.env")
    lines = [str(problem.where) for problem in caught.value.problems]
    assert lines == ["x.env:2", "x.env:3", "x.env:4"]
    assert "secret" not in str(caught.value)
    assert str(caught.value).startswith("x.env:2: is not NAME=value. ")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.env: cannot be read: No such file"):
        read_env_file(tmp_path / "none.env")
    (tmp_path / "bad.env").write_bytes(b"A=\xff")
    with pytest.raises(ConfigError, match=r"bad\.env: cannot be read: it is not UTF-8"):
        read_env_file(tmp_path / "bad.env")
