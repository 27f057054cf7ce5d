"""Which sites need a function for pictures, and the rules that lead to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.redirects.proof.prove_live import prove_live
from ssg.redirects.rule import RedirectRule
from ssg.targets.routing.image_rules import PICTURES, function_images, image_rules

ADDRESS = "/.netlify/builders/ssg-images"
ADDRESSES = ("/img/{file}/{width}", "/img/{width}/x/{file}", "/a/b/{width}/{file}")
ROW = Picture(
    "/boat.jpg", "", "0123456789abcdef", "", 800, 600, "jpeg", is_animated=False, has_alpha=False,
    focus="", color="", placeholder="", problem="",
)  # fmt: skip


@dataclass(frozen=True)
class PictureSite:
    images: ImageSettings | None
    rows: tuple[Picture, ...] = (ROW,)

    @property
    def settings(self) -> SiteSettings:
        return SiteSettings(images=self.images)

    def pictures(self) -> tuple[Picture, ...]:
        return self.rows


@pytest.mark.parametrize(
    ("images", "rows", "is_needed"),
    [
        (None, (ROW,), False),
        (ImageSettings(), (ROW,), True),
        (ImageSettings(), (), False),
        (ImageSettings(), (ROW._replace(deferred=False),), False),
        (ImageSettings(), (ROW._replace(deferred=False), ROW._replace(deferred=True)), True),
        (ImageSettings(), (ROW._replace(format="svg"), ROW._replace(is_animated=True)), False),
        (ImageSettings(addresses=ADDRESSES), (ROW._replace(deferred=False),), True),
        (ImageSettings(service="netlify"), (ROW,), False),
        (ImageSettings(service="netlify", addresses=ADDRESSES), (ROW,), True),
    ],
)
def test_a_site_needs_the_function_for_deferred_variants_and_addresses(
    images: ImageSettings | None, rows: tuple[Picture, ...], is_needed: bool
) -> None:
    found = function_images(cast("Site", PictureSite(images, rows)))
    assert found == (images if is_needed else None)


def test_each_folder_of_addresses_has_one_rule_that_files_precede() -> None:
    rules = image_rules(ImageSettings(addresses=ADDRESSES), ADDRESS)
    assert rules == tuple(
        RedirectRule(path, ADDRESS, 200) for path in ("/_img/*", "/img/*", "/a/b/*")
    )
    assert not any(rule.force for rule in rules)
    assert image_rules(None, ADDRESS) == ()


@pytest.mark.parametrize(
    ("rule", "takes"),
    [
        (RedirectRule("/*", "/index.html", 200), True),
        (RedirectRule("/_img/*", "https://cdn.example/:splat", 302), True),
        (RedirectRule("/_img/*", ADDRESS, 200), False),
        (RedirectRule("/_img/old.webp", "/gone", 301), False),
        (RedirectRule("/blog/*", "/news/:splat", 301), False),
    ],
)
def test_the_proof_finds_rules_that_take_all_pictures(rule: RedirectRule, takes: bool) -> None:
    own = image_rules(ImageSettings(), ADDRESS)
    problems = prove_live((rule, *own), own, PICTURES)
    assert bool(problems) is takes
    assert all("takes all pictures at /_img/*" in one.message for one in problems)
