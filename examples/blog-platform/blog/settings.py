"""What the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MIN_SECRET_CHARACTERS = 32


class SettingsError(Exception):
    """A variable of the environment is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process."""

    database_url: str
    site_url: str
    """The address that visitors see, without a slash at the end."""
    jwt_secret: str = field(repr=False)
    """Signs sessions. It is that of the site, whose redirect rules read the roles."""
    purge_secret: str = field(repr=False)
    purge_urls: tuple[str, ...] = ()
    """The servers to which purges are sent: one for each cache, or the address of the site."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of proxies whose `X-Forwarded-For` counts."""
    netlify_proxy_secret: str = field(default="", repr=False)
    """Signs what Netlify passes on, so that the client's address that it tells counts."""

    @property
    def own_site_url(self) -> str:
        """Where a process of the API finds the site: the address of visitors may be elsewhere."""
        return self.purge_urls[0] if self.purge_urls else self.site_url

    @property
    def is_secure(self) -> bool:
        """Whether visitors use HTTPS, so that cookies are for HTTPS only."""
        return self.site_url.startswith("https://")

    @property
    def origin(self) -> str:
        """The origin of requests of the site's own pages (RFC 6454)."""
        parts = urlsplit(self.site_url)
        return f"{parts.scheme}://{parts.netloc}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError."""
    site_url = _required(environment, "SITE_URL").rstrip("/")
    parts = urlsplit(site_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        raise SettingsError(f"SITE_URL: {site_url!r} is not an address such as https://example.org")
    purge_urls = _words(environment.get("PURGE_URLS", "")) or (site_url,)
    return Settings(
        _required(environment, "DATABASE_URL"),
        site_url,
        _secret(environment, "SSG_JWT_SECRET"),
        _secret(environment, "SSG_PURGE_SECRET"),
        purge_urls,
        _words(environment.get("TRUSTED_PROXIES", "")),
        _optional_secret(environment, "NETLIFY_PROXY_SECRET"),
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    if value := environment.get(name):
        return value
    raise SettingsError(f"the environment variable {name} is not set")


def _secret(environment: Mapping[str, str], name: str) -> str:
    value = _required(environment, name)
    if len(value) < MIN_SECRET_CHARACTERS:
        raise SettingsError(f"{name} has fewer than {MIN_SECRET_CHARACTERS} characters")
    return value


def _optional_secret(environment: Mapping[str, str], name: str) -> str:
    return _secret(environment, name) if environment.get(name) else ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
