"""What all requests of a process share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from starlette.requests import Request

from blog.accounts.passwords import Passwords
from blog.client_address import client_address
from blog.clock import Clock
from blog.database import Database
from blog.settings import Settings
from blog.site_shell import SiteShell, no_site


@dataclass(frozen=True, slots=True)
class Platform:
    """The settings, the database and the clock. Tests have a clock of their own."""

    settings: Settings
    database: Database = field(repr=False)
    clock: Clock = time.time
    site_shell: SiteShell = field(default_factory=lambda: SiteShell(no_site), repr=False)
    """What the pages of the API are put into; commands have none."""
    passwords: Passwords = field(default_factory=Passwords, repr=False)

    def address_of(self, request: Request) -> str:
        """The address of the client of a request."""
        peer = request.client.host if request.client else ""
        return client_address(peer, request.headers, self.settings, self.clock())
