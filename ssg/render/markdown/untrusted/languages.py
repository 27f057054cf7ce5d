"""The languages whose code is highlighted in a text of a stranger.

Pygments has more than 500. Each is a set of patterns, some of which take quadratic or exponential
time for code that was written for it. These take about linear time for every input of the tests
(`tests/render/markdown/untrusted/test_highlighting.py`), and are highlighted up to a limit.
"""

from __future__ import annotations

LANGUAGES = frozenset({
    "bash", "c", "c#", "c++", "cpp", "csharp", "css", "dart", "diff", "docker", "dockerfile",
    "elixir", "go", "golang", "graphql", "haskell", "html", "ini", "java", "javascript", "js",
    "json", "julia", "kotlin", "lua", "make", "makefile", "nginx", "perl", "php", "powershell",
    "py", "python", "r", "rb", "rs", "ruby", "rust", "scala", "scss", "sh", "shell", "sql", "swift",
    "toml", "ts", "typescript", "xml", "yaml", "yml", "zig",
})  # fmt: skip
"""By the names that Pygments knows, in lower case."""
