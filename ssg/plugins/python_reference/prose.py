"""Texts of docstrings -> Markdown, with links.

The text is Markdown or reStructuredText: what is special to the second (roles, directives, literal
blocks) hardly ever means anything in the first, so both are read in the same way. Signs that would
become HTML or shortcodes of the site stand as they are written.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from ssg.plugins.python_reference.links import Context, markdown_link

_INLINE = re.compile(
    r"(?P<role>:(?:[\w+.-]+:)?[\w+-]+:)`(?P<target>[^`]+)`"
    r"|`(?P<label>[^`<>]+?)\s*<(?P<url>[^`<>]+)>`__?"
    r"|\[(?P<text>[^\[\]]+)\]\[(?P<ref>[\w.]*)\]"
    r"|(?P<ticks>`+)(?P<code>(?:(?!(?P=ticks)).)+?)(?P=ticks)(?!`)"
    r"|(?P<plain><?https?://[^\s>]*>?)"
    r"|\[(?P<footnote>#?\w+)\]_(?!\w)"
    r"|(?P<dunder>\b__\w+__\b)"
    r"|(?P<sign>\{\{|\{%|<)",
    re.S,
)
_PLAIN_ROLE = re.compile(r":(?:math|code|literal|kbd|file|samp|command|program|envvar|option):")
_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_LIST = re.compile(r" *(?:[-*+]|\d+[.)]|#\.) ")
_DRAWN = re.compile(r"[│├└┌┐┘┤┬┴┼]|\S {3,}\S|^\+-[-+=]+\+$", re.M)
"""What a paragraph has that is a drawing or a table of words."""
_DIRECTIVE = re.compile(r"\.\. +([\w:-]+):: *(.*)")
_CITATION = re.compile(r"\.\. +\[([^\]]+)\] +")
_ATX = re.compile(r"^(#{1,6})(?= )", re.M)
_SETEXT = re.compile(r"^(\S.*)\n([=\-~^\"'*+#])\2{2,}$")
_OPTION = re.compile(r"^:[\w-]+:.*\n?", re.M)

ALERTS = {
    "note": "NOTE", "info": "NOTE", "seealso": "NOTE", "tip": "TIP", "hint": "TIP",
    "important": "IMPORTANT", "warning": "WARNING", "attention": "WARNING",
    "caution": "CAUTION", "danger": "CAUTION", "error": "CAUTION", "bug": "CAUTION",
    "deprecated": "WARNING", "versionadded": "NOTE", "versionchanged": "NOTE",
}  # fmt: skip
"""Kinds of admonitions, and the kinds of alerts that they become."""
_VERSIONS = {
    "deprecated": "Deprecated since {}", "versionadded": "Added in {}",
    "versionchanged": "Changed in {}", "seealso": "See also",
}  # fmt: skip


def as_markdown(text: str, context: Context, level: int = 1) -> str:
    """A text as Markdown. Its headings are put below one of the rank `level`."""
    blocks = _converted(_blocks(text.expandtabs().strip("\n")), context, level)
    return "\n\n".join(filter(None, blocks))


def as_cell(text: str, context: Context) -> str:
    """A short text in a cell of a table."""
    return as_markdown(text, context).replace("\n", " ").replace("|", r"\|")


def is_short(text: str) -> bool:
    """Whether a text is one paragraph, so that a cell of a table can hold it."""
    stripped = text.strip()
    return not ("\n\n" in stripped or ">>>" in stripped or _LIST.search(f"\n{stripped}", 1)
                or _FENCE.match(stripped) or ".. " in stripped)  # fmt: skip


def alert(kind: str, title: str, text: str) -> str:
    """A text that is set off, as an alert. The text is Markdown."""
    head = f"> [!{ALERTS[kind]}]" + (f" {title}" if title else "")
    return "\n".join([head, *(f"> {line}".rstrip() for line in text.splitlines())])


def plain(text: str) -> str:
    """A text without marks, for what shows no Markdown."""
    bare = re.sub(r":(?:[\w+.-]+:)?[\w+-]+:(?=`)", "", text)
    bare = re.sub(r"`~[\w.]*?(\w+)`", r"\1", bare)
    bare = re.sub(r"\[([^\[\]]+)\](?:\[[\w.]*\]|\([^()]*\))", r"\1", bare)
    bare = re.sub(r"`([^`<]+?) ?<[^<>`]+>`__?", r"\1", bare)
    return re.sub(r"`+|\*\*(?=\S)|(?<=\S)\*\*", "", bare)


# -- blocks ------------------------------------------------------------------------------------


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, with fenced code in one piece."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            lines.append(line)
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
            lines.append(line)
        elif line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _converted(blocks: Iterator[str], context: Context, level: int) -> Iterator[str]:
    rest = [*blocks]
    while rest:
        block = rest.pop(0)
        if directive := _DIRECTIVE.match(block):
            yield _directive(directive, _indented_after(block, rest), context, level)
        elif citation := _CITATION.match(block):
            text = " ".join([block[citation.end() :], _indented_after("", rest)])
            yield rf"\[{citation[1]}\] " + _inline(text.rstrip(), context)
        elif block.startswith(".. ") or block == "..":
            _indented_after(block, rest)  # a comment or a target
        elif block.endswith("::") and not _FENCE.match(block) and rest and rest[0][0] == " ":
            head = block[:-2].rstrip()
            if head:
                yield _paragraph(f"{head}:" if block[-3:-2].strip() else head, context, level)
            yield _fenced("python", _indented_after("", rest))
        else:
            yield _paragraph(block, context, level)


def _indented_after(block: str, rest: list[str]) -> str:
    """What is indented below the first line of a block. It is taken from `rest`."""
    own = block.partition("\n")[2]
    parts = [own] if own else []
    while rest and rest[0].startswith("  "):
        parts.append(rest.pop(0))
    return textwrap.dedent("\n\n".join(parts))


def _directive(match: re.Match[str], body: str, context: Context, level: int) -> str:
    name, argument = match[1].rpartition(":")[2], match[2].strip()
    if name in ("code-block", "code", "sourcecode", "doctest", "testcode", "highlight"):
        language = argument if name != "doctest" else "pycon"
        return _fenced(language or "python", _OPTION.sub("", body).strip("\n"))
    if name == "math":
        return _fenced("latex", body or argument)
    if name not in ALERTS:
        return _fenced("text", f"{match[0]}\n\n{textwrap.indent(body, '    ')}".strip())
    title = ""
    if name in _VERSIONS:
        version, _, more = argument.partition(" ")
        title = _VERSIONS[name].format(version)
        argument = more if "{}" in _VERSIONS[name] else argument
    text = "\n\n".join(filter(None, [argument, body]))
    return alert(name, title, as_markdown(text, context, level))


def _fenced(language: str, code: str) -> str:
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    return f"{marks}{language}\n{code}\n{marks}"


def examples(code: str) -> str:
    """A session of Python's prompt."""
    return _fenced("pycon", textwrap.dedent(code).strip("\n"))


def _paragraph(block: str, context: Context, level: int) -> str:
    if _FENCE.match(block):
        return block
    if block.lstrip().startswith(">>> "):
        return examples(block)
    if block.startswith("    "):
        return _fenced("text" if _DRAWN.search(block) else "python", textwrap.dedent(block))
    if heading := _SETEXT.match(block):
        return f"{'#' * min(level + 1, 6)} {_inline(heading[1], context)}"
    is_list = _LIST.match(block)
    if _DRAWN.search(block) and not is_list and not block.startswith("|"):
        return _fenced("text", block)
    return _ATX.sub(lambda mark: ("#" * level + mark[1])[:6], _inline(block, context))


# -- within a line -----------------------------------------------------------------------------


def _inline(text: str, context: Context) -> str:
    return _INLINE.sub(lambda match: _replaced(match, context), text)


def _replaced(match: re.Match[str], context: Context) -> str:
    if match["role"]:
        return _role(match["role"], match["target"], context)
    if match["text"]:
        return _reference(match, context)
    if match["ticks"]:
        return _code_span(match, context)
    if match["url"]:
        return f"[{match['label']}]({match['url']})"
    return match["plain"] or _escaped(match)


def _escaped(match: re.Match[str]) -> str:
    if match["footnote"]:
        return rf"\[{match['footnote']}\]"
    return match["dunder"].replace("_", r"\_") if match["dunder"] else f"\\{match['sign']}"


def _role(role: str, words: str, context: Context) -> str:
    r"""``:class:`Boat` ``, ``:meth:`~boats.Boat.sail` ``, ``:func:`to sail <sail>` ``."""
    if _PLAIN_ROLE.fullmatch(role):
        return f"`{words}`"
    titled = re.fullmatch(r"(.+?)\s*<([^<>]+)>", words, re.S)
    target = (titled[2] if titled else words).lstrip("~!.").removesuffix("()")
    shown = words.lstrip("!.")
    if words.startswith("~"):
        shown = words[1:].rpartition(".")[2]
    text = titled[1] if titled else f"`{shown}`"
    place = None if words.startswith("!") else context.find(target)
    return markdown_link(text, place) if place else text


def _reference(match: re.Match[str], context: Context) -> str:
    """``[`Boat`][]`` and `[the boat][boats.Boat]`."""
    text = match["text"]
    place = context.find(match["ref"] or text.strip("`").removesuffix("()"))
    if place:
        return markdown_link(text, place)
    return _inline(text, context) if match["ref"] or "`" in text else rf"\[{text}\]\[\]"


def _code_span(match: re.Match[str], context: Context) -> str:
    words = match["code"].strip()
    if source := context.links.content_page(words):
        return f"[{match[0]}](@/{source})"
    place = context.find(words.removesuffix("()"))
    return markdown_link(match[0], place) if place else match[0]


def first_sentence(text: str) -> re.Match[str] | None:
    """The first sentence of a text, with what ends it."""
    return _SENTENCE.match(text)


_SENTENCE = re.compile(
    r"(?P<sentence>.+?(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)\.)(?:\s+(?=[^a-z])|\Z)"
    r"|(?P<paragraph>.+?)(?:\n\s*\n|\Z)",
    re.S,
)


def tabular(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> str:
    """A table with the columns that say something. The first one is kept."""
    used = [at for at, _ in enumerate(columns) if at == 0 or any(row[at] for row in rows)]
    lines = [[columns[at] for at in used], ["---"] * len(used)]
    lines += [[row[at] for at in used] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
