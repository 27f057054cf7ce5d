"""Candidates of pictures, for any picture and any settings."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ssg.content.structure.pictures import settings_recipes
from ssg.model import database
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import MAX_SIDE, Fit
from ssg.model.images.settings import ImageFormat, ImageSettings
from ssg.model.queries.pictures import PictureQueries
from ssg.render.pictures.candidates import CandidateList, candidates_of
from ssg.render.pictures.image_element import responsive_element
from ssg.render.pictures.image_request import ImageRequest, ImageRequestError

SIDES = st.integers(1, MAX_SIDE)
PICTURES = st.builds(
    lambda width, height, form, alpha, focus: Picture(
        "/a.jpg", "static/a.jpg", "0123456789abcdef", "5" * 64, width, height, form, False, alpha,
        focus, "", "", "",
    ),
    SIDES, SIDES, st.sampled_from(["jpeg", "png", "webp", "avif", "tiff", "bmp"]), st.booleans(),
    st.sampled_from(["", "0.0", "30.70"]),
)  # fmt: skip
SETTINGS = st.builds(
    ImageSettings,
    widths=st.sets(SIDES, min_size=1, max_size=5).map(sorted).map(tuple),
    formats=st.lists(st.sampled_from(list(ImageFormat)), min_size=1, unique=True).map(tuple),
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "width": SIDES, "height": SIDES, "fit": st.sampled_from(list(Fit)),
        "focus": st.sampled_from(["", "top left"]), "quality": st.integers(0, 100),
        "density": st.lists(st.sampled_from([1, 1.5, 2, 3]), min_size=1),
    },
)  # fmt: skip


class _Site(PictureQueries):
    def __init__(self, picture: Picture, rows: set[tuple[str, str]]) -> None:
        self._connection = database.create(Path(":memory:"))
        self.listener = None
        database.insert_pictures(self._connection, [picture])
        self._connection.executemany("INSERT INTO recipe VALUES (?, ?)", rows)


def _lists(picture: Picture, settings: ImageSettings, request: ImageRequest) -> list[CandidateList]:
    recipes = request.recipes_of(picture, settings.widths)
    forms = dict.fromkeys(picture.format_of(wanted) for wanted in request.formats)
    fixed = bool(request.recipes)
    found = [
        candidates_of(picture, recipes, form, lambda one: one.path, is_fixed=fixed)
        for form in forms
    ]
    return [one for one in found if one.candidates]


@given(PICTURES, SETTINGS, REQUESTS)
def test_html_names_known_variants_alone(
    picture: Picture, settings: ImageSettings, arguments: dict[str, object]
) -> None:
    try:
        request = ImageRequest.of(settings, **arguments)  # type: ignore[arg-type]  # as in a template
    except ImageRequestError:
        return
    lists = _lists(picture, settings, request)
    if not lists:  # too tall for any format
        return
    site = _Site(picture, {*settings_recipes(settings), *request.rows(settings)})
    html = responsive_element(tuple(lists), "100vw").html("")
    names = re.findall(r'/_img/[^ ",]+', html)
    assert names and all(site.find_variant(name) for name in names)


@given(PICTURES, SETTINGS, REQUESTS)
def test_candidates_ascend_and_enlarge_nothing(
    picture: Picture, settings: ImageSettings, arguments: dict[str, object]
) -> None:
    try:
        request = ImageRequest.of(settings, **arguments)  # type: ignore[arg-type]  # as in a template
    except ImageRequestError:
        return
    for one in _lists(picture, settings, request):
        widths = [candidate.width for candidate in one.candidates]
        assert widths == sorted(set(widths))
        assert max(widths) <= picture.width
        assert len({candidate.url for candidate in one.candidates}) == len(widths)
        if not request.recipes:
            wanted = [width for width in settings.widths if width < picture.width]
            wanted += [picture.width] * (settings.widths[-1] >= picture.width)
            assert widths == [
                width for width in wanted if picture.height * width // picture.width <= MAX_SIDE
            ]


def test_formats_that_are_the_same_are_offered_once() -> None:
    picture = Picture("/a", "a", "0" * 16, "5", 9, 9, "webp", False, False, "", "", "", "")
    request = ImageRequest(("webp", "original", "jpeg"))
    lists = _lists(picture, ImageSettings(), request)
    assert [one.format for one in lists] == ["webp", "jpeg"]
