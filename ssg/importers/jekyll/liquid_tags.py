"""The tags that Jekyll adds to Liquid, for python-liquid.

These are `{% include %}`, `{% link %}`, `{% post_url %}` and `{% highlight %}`. A tag that is not
known writes nothing. `liquid_renderer` explains how tags find the site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from liquid import Environment
from liquid.ast import BlockNode, Node
from liquid.builtin.expressions import parse_primitive
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG, Token

from ssg.importers.markup.outside_code import fence_for

if TYPE_CHECKING:
    from liquid.context import RenderContext

RESOLVER_KEY = "\0jekyll"
"""The name of the page's `TagResolver` in the render context."""

_CHARACTERS_PER_ITERATION = 20
"""An included file counts as this many characters for each iteration of a loop."""
_PARAMETER = re.compile(r"([\w-]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[\w.\[\]'\"-]+)")


class TagResolver(Protocol):
    """Resolves what tags name, for the page that they are on."""

    def link(self, path: str, token: Token) -> str: ...

    def post_url(self, name: str, token: Token) -> str: ...

    def include(self, name: str, token: Token, *, is_relative: bool) -> str | None: ...

    def unknown(self, tag: str, token: Token) -> None: ...


class _WithText(Node):
    """A node that keeps the text after the name of its tag."""

    __slots__ = ("text",)

    def __init__(self, token: Token, text: str) -> None:
        super().__init__(token)
        self.text = text
        self.blank = False

    def _resolver(self, context: RenderContext) -> TagResolver:
        return cast(TagResolver, context.resolve(RESOLVER_KEY))

    def _expanded(self, context: RenderContext) -> str:
        """The text, with any `{{ }}` in it rendered."""
        if "{{" not in self.text:
            return self.text.strip()
        return context.env.from_string(self.text).render(**dict(context.scope)).strip()


def _text_of(stream: TokenStream) -> tuple[Token, str]:
    token = stream.eat(TOKEN_TAG)
    is_expression = stream.current.kind == TOKEN_EXPRESSION
    return token, stream.current.value if is_expression else ""


class LinkNode(_WithText):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(self._resolver(context).link(self._expanded(context), self.token))


class PostNode(_WithText):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(self._resolver(context).post_url(self._expanded(context), self.token))


class UnknownNode(_WithText):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:  # noqa: ARG002 the signature is Liquid's
        self._resolver(context).unknown(self.token.value, self.token)
        return 0


class IncludeNode(_WithText):
    is_relative = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        name, _, rest = self.text.strip().partition(" ")
        if name.startswith("{{"):
            name, _, rest = self.text.partition("}}")
            name = context.env.from_string(name + "}}").render(**dict(context.scope))
        resolver = self._resolver(context)
        source = resolver.include(name.strip(), self.token, is_relative=self.is_relative)
        if source is None:
            return 0
        context.raise_for_loop_limit(1 + len(source) // _CHARACTERS_PER_ITERATION)
        template = context.env.from_string(source)
        given = {match[1]: self._value(match[2], context) for match in _PARAMETER.finditer(rest)}
        with context.extend({"include": given}, template=template):
            template.render_with_context(context, buffer, partial=True)
        return 1

    def _value(self, text: str, context: RenderContext) -> object:
        if text[0] in "\"'":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        stream = TokenStream(iter([Token(TOKEN_EXPRESSION, text, 0, text)]))
        inner = stream.into_inner(tag=self.token)
        return parse_primitive(context.env, inner).evaluate(context)


class RelativeNode(IncludeNode):
    is_relative = True


class _TextTag(Tag):
    """A tag without an end tag."""

    block = False
    node: type[_WithText]

    def parse(self, stream: TokenStream) -> Node:
        token, text = _text_of(stream)
        return self.node(token, text)


class LinkTag(_TextTag):
    name = "link"
    node = LinkNode


class PostTag(_TextTag):
    name = "post_url"
    node = PostNode


class IncludeTag(_TextTag):
    name = "include"
    node = IncludeNode


class RelativeTag(_TextTag):
    name = "include_relative"
    node = RelativeNode


def unknown_tag(tag: str) -> type[Tag]:
    """A tag of this name that writes nothing."""
    return type("UnknownTag", (_TextTag,), {"name": tag, "node": UnknownNode})


class HighlightNode(Node):
    __slots__ = ("block", "info")

    def __init__(self, token: Token, info: str, block: BlockNode) -> None:
        super().__init__(token)
        self.info = info
        self.block = block
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        inner = context.get_buffer(buffer)
        self.block.render(context, inner)
        code = inner.getvalue().strip("\n")
        fence = fence_for(code)
        return buffer.write(f"{fence}{_info(self.info)}\n{code}\n{fence}")


class HighlightTag(Tag):
    name = "highlight"
    end = "endhighlight"

    def parse(self, stream: TokenStream) -> Node:
        token, info = _text_of(stream)
        if stream.current.kind == TOKEN_EXPRESSION:
            next(stream)
        block = get_parser(self.env).parse_block(stream, frozenset({"endhighlight"}))
        stream.expect(TOKEN_TAG, value="endhighlight")
        return HighlightNode(token, info, block)


def _info(text: str) -> str:
    """`ruby linenos mark_lines="1 2"` as the info string of a fence."""
    language, _, rest = text.strip().partition(" ")
    options = re.findall(r"\w+(?:=\"[^\"]*\")?", rest.replace("mark_lines", "hl_lines"))
    return language + (f" {{{' '.join(options)}}}" if options else "")


def add_tags(environment: Environment) -> None:
    """Add the tags of Jekyll to an environment."""
    for tag in (LinkTag, PostTag, IncludeTag, RelativeTag, HighlightTag):
        environment.add_tag(tag)
