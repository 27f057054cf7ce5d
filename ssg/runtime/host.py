"""What an answer depends on besides the site: the host that sends it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Self

from ssg.runtime.caching import Caching
from ssg.runtime.dialects import DIALECTS
from ssg.runtime.http import Response


@dataclass(frozen=True, slots=True)
class RuntimeHost:
    """The host of a bundle: `host.json` beside the site database."""

    dialect: str
    body_bytes: int | None = None
    """The largest body that it sends; None: any."""
    cache_id: str = ""
    """The name under which its cache keeps answers over deploys; empty if it forgets them."""

    def headers(self, caching: Caching) -> dict[str, str]:
        """The headers that say a caching."""
        return DIALECTS[self.dialect](caching, self.cache_id)

    def sent(self, response: Response) -> Response:
        """A response as the host gets it: with its caching in the headers."""
        headers = {**response.headers, **self.headers(response.caching)}
        return replace(response, headers=headers)

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))
