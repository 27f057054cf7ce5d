"""Settings travel in the site database as JSON."""

from __future__ import annotations

from ssg.model.settings import FeedSettings, MarkdownSettings, SiteSettings, TaxonomySettings


def test_settings_come_back_from_json_as_they_were() -> None:
    settings = SiteSettings(
        title="Ä",
        markdown=MarkdownSettings(highlight=False, toc_depth=2),
        feed=FeedSettings(limit=3),
        taxonomies={"series": TaxonomySettings(5)},
        extra={"menu": [{"url": "/"}]},
    )
    assert SiteSettings.from_json(settings.to_json()) == settings


def test_json_of_settings_does_not_depend_on_the_order_of_keys() -> None:
    one = SiteSettings(extra={"a": 1, "b": 2})
    other = SiteSettings(extra={"b": 2, "a": 1})
    assert one.to_json() == other.to_json()
