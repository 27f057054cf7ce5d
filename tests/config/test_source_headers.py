"""Headers of sources that shells set themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.model.errors import ConfigError
from tests.conftest import write


def test_a_header_of_the_shell_cannot_be_set(tmp_path: Path) -> None:
    text = '[sources.posts]\nurl = "https://api.example.org"\n[sources.posts.headers]\n'
    write(tmp_path, {"ssg.toml": f'{text}Host = "b"\nX-Ssg-Draft = "1"\nX-Key = "k"\n'})
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, environment={})
    assert [str(problem) for problem in caught.value.problems] == [
        'ssg.toml:4:1: the header "Host" is set by ssg itself',
        'ssg.toml:5:1: the header "X-Ssg-Draft" is set by ssg itself',
    ]
