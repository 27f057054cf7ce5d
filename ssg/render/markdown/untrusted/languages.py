"""The languages whose code is highlighted in a text of a stranger.

Pygments knows more than 500. Each is a set of patterns, and many of them take quadratic time or
worse for code that was written to slow them down: 8,000 spaces keep the patterns of C busy for
longer than 20 seconds. Those of the languages here were tried with random code made of their own
keywords and signs; they take less than half a second for `MAX_HIGHLIGHTED` characters.
"""

from __future__ import annotations

LANGUAGES = frozenset({
    "css", "dart", "diff", "elixir", "go", "golang", "graphql", "haskell", "html", "javascript",
    "js", "json", "kotlin", "lua", "nginx", "php", "powershell", "py", "python", "rb",
    "rs", "ruby", "rust", "scss", "sql", "swift", "toml", "ts", "typescript", "xml", "yaml", "yml",
    "zig",
})  # fmt: skip
"""Names of Pygments, in lower case."""
