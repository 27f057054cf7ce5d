"""Taking a source file apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.content.source.front_matter import FrontMatterError, parse


@pytest.mark.parametrize(
    ("data", "values", "text", "line"),
    [
        (b"", {}, "", 1),
        (b"text", {}, "text", 1),
        (b"---\ntitle: A\n---\ntext", {"title": "A"}, "text", 4),
        (b'+++\ntitle = "A"\n+++\ntext', {"title": "A"}, "text", 4),
        (b"---\r\ntitle: A\r\n---\r\na\r\nb", {"title": "A"}, "a\nb", 4),
        (b"\xef\xbb\xbf---\ntitle: A\n---\ntext", {"title": "A"}, "text", 4),
        (b"---  \ntitle: A\n---\t\n\ntext", {"title": "A"}, "\ntext", 4),
        (b"---\n---\ntext", {}, "text", 3),
        (b"---\n---", {}, "", 3),
        (b"---\n# only a comment\n---\n", {}, "", 4),
        (b"----\ntext", {}, "----\ntext", 1),
        (b"text\n---\na: 1\n---\n", {}, "text\n---\na: 1\n---\n", 1),
        (b"---\na: |\n  --- x\n---\ntext\n---\n", {"a": "--- x\n"}, "text\n---\n", 5),
        (b"---\n2: a\ntrue: b\n---\n", {"2": "a", "True": "b"}, "", 5),
    ],
)
def test_a_file_is_front_matter_and_text(
    data: bytes, values: dict[str, object], text: str, line: int
) -> None:
    source = parse(data, "a.md")
    assert (dict(source.values), source.text, source.text_line) == (values, text, line)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"---\ntitle: A\n", "a.md:1:1: the front matter that begins here has no closing ---"),
        (b"+++\n", "a.md:1:1: the front matter that begins here has no closing +++"),
        (b"---\n- a\n---\n", "a.md:2:1: the front matter is not a table of keys and values"),
        (b"---\njust words\n---\n", "a.md:2:1: the front matter is not a table"),
        (b"---\na: b: c\n---\n", "a.md:2:5: YAML: mapping values are not allowed"),
        (b"---\n\na: 1\nb: [\n---\n", "a.md:5:1: YAML: "),
        (b"---\na: 1\nb: @x\n---\n", "a.md:3:4: YAML: found character"),
        (b"---\na: 1\nb: 2024-13-45\n---\n", "a.md:3:4: YAML: this value cannot be read: month"),
        (b"---\nx: {y: [1, !!bool z]}\n---\n", "a.md:2:12: YAML: this value cannot be read"),
        (b"---\nx: !!timestamp y\n---\n", "a.md:2:4: YAML: this value cannot be read"),
        (b'---\nx: !!int ""\n---\n', "a.md:2:4: YAML: this value cannot be read"),
        (b"---\n? [a]\n: b\n---\n", "a.md:2:3: YAML: found unhashable key"),
        (b"---\nx: !!python/object:os.system y\n---\n", "a.md:2:4: YAML: could not determine"),
        (b"---\nx: \x07\n---\n", "a.md: YAML: control characters are not allowed"),
        (b"+++\n\na = \n+++\n", "a.md:3:5: TOML: Invalid value"),
        (b"+++\na = 1\na = 2\n+++\n", "a.md:3:6: TOML: Cannot overwrite a value"),
        (b"+++\na = " + b"[" * 9999 + b"\n+++\n", "a.md:2:105: TOML: tables and arrays are nested"),
        (b"ok\nb\xffd", "a.md:2: the file is not UTF-8. Save the file in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse(data, "a.md")
    assert str(caught.value.problem).startswith(message)


def test_a_colon_in_a_text_gets_a_hint() -> None:
    with pytest.raises(FrontMatterError, match="Put quotes around a text with a colon"):
        parse(b"---\ntitle: One: two\n---\n", "a.md")


yamlish = st.text(st.sampled_from("abx:-[]{}!&*|>'\"#%@`\n ?,0123456789.~tf\t\\")).map(str.encode)


@given(st.binary() | yamlish.map(lambda b: b"---\n" + b + b"\n---\n"))
@example(b"---\na: !!binary x\n---\n")
@example(b"---\n*a\n---\n")
@example(b"---\na: &a [*a]\n---\n")
@example(b"---\n<<: 1\n---\n")
@example(b"---\na: 0b\n---\n")
@example(b"---\na: 1:2:3\n---\n")
@example(b"+++\na=1__0\n+++\n")
def test_any_bytes_give_a_source_or_a_problem_with_a_place(data: bytes) -> None:
    try:
        source = parse(data, "a.md")
    except FrontMatterError as error:
        assert str(error.problem).startswith("a.md")
    else:
        assert all(isinstance(key, str) for key in source.values)
        assert source.text_line >= 1


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")), st.integers(0, 5)
)
def test_the_text_begins_on_the_line_that_is_told(text: str, blanks: int) -> None:
    file = "---\n" + "\n" * blanks + "title: A\n---\n" + text
    source = parse(file.encode(), "a.md")
    assert file.split("\n", source.text_line - 1)[-1] == source.text == text


@pytest.mark.parametrize(
    ("data", "keys", "place"),
    [
        (b"---\n\ntitle: A\nextra:\n  b: [1, 2]\n---\n", ("title",), "a.md:3:1"),
        (b"---\n\ntitle: A\nextra:\n  b: [1, 2]\n---\n", ("extra", "b"), "a.md:5:3"),
        (b"---\n\ntitle: A\nextra:\n  b: [1, 2]\n---\n", ("extra", "b", 1), "a.md:5:10"),
        (b"---\ntitle: A\n---\n", ("nope",), "a.md:1"),
        (b"+++\na = 1\n[extra]\nb = 2\n+++\n", ("extra", "b"), "a.md:4:1"),
        (b"no front matter", ("title",), "a.md:1"),
    ],
)
def test_a_key_has_a_place(data: bytes, keys: tuple[str | int, ...], place: str) -> None:
    assert str(parse(data, "a.md").locate(keys)) == place


def test_huge_front_matter_is_read() -> None:
    lines = "".join(f"key{n}: {'x' * 100}\n" for n in range(5000))
    assert len(parse(f"---\n{lines}---\ntext".encode(), "a.md").values) == 5000
