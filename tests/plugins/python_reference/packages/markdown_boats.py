"""Plain Markdown.

Names as `sail`, [`sail`][], [a link](https://example.org/) and `content/about.md`.

Args:
    this: is no section here

- a list with `sail`
- and `content/nothing.md`

Title
=====

    indented = code

>>> sail()
1

left     right
a        b

| a | b |
|---|---|
| 1 | 2 |
"""


def sail():
    """A sentence that is much too long to be the description of a page, since what lists pages shows descriptions, and a list of paragraphs is hard to read when they are as long as this. So it stays a text.
    """
