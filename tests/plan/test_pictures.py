"""The plan of pictures: by the first rule that matches, else by use."""

from __future__ import annotations

import pytest

from ssg.model.settings import DeferRule
from ssg.plan.pictures import BY_USE, PictureDecision, decide_pictures

GALLERY = DeferRule(match="gallery/**", kind="image")
LOGO = DeferRule(match="*.png", kind="image", deferred=False)
PAGES = DeferRule(match="**")
ALL = DeferRule(kind="image")
MADE = PictureDecision(None, "target static makes what pages show")


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ([], "/a.jpg", PictureDecision(None, BY_USE)),
        ([PAGES], "/a.jpg", PictureDecision(None, BY_USE)),
        (
            [PAGES, GALLERY],
            "/gallery/deep/a.jpg",
            PictureDecision(True, 'rule 2 (match "gallery/**", kind "image")'),
        ),
        ([PAGES, GALLERY], "/a.jpg", PictureDecision(None, BY_USE)),
        (
            [GALLERY, LOGO, ALL],
            "/a.png",
            PictureDecision(False, 'rule 2 (match "*.png", kind "image")'),
        ),
        ([GALLERY, LOGO, ALL], "/x/a.png", PictureDecision(True, 'rule 3 (kind "image")')),
        (
            [ALL],
            "https://photos.example.org/a.jpg",
            PictureDecision(True, 'rule 1 (kind "image")'),
        ),
    ],
)
def test_the_first_rule_for_images_that_matches_decides(
    rules: list[DeferRule], path: str, expected: PictureDecision
) -> None:
    assert [*decide_pictures([path], rules, "netlify", defers=True)] == [expected]


def test_a_target_without_a_function_defers_nothing() -> None:
    paths = ["/gallery/a.jpg", "/logo.png"]
    made = PictureDecision(False, 'rule 2 (match "*.png", kind "image")')
    assert [*decide_pictures(paths, [GALLERY, LOGO], "static", defers=False)] == [MADE, made]
