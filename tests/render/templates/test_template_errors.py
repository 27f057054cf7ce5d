"""Errors of rendering, with their template, line and page."""

from __future__ import annotations

from collections.abc import Callable

import jinja2
import pytest

from ssg.model.errors import Location, Problem, RenderError
from ssg.model.page import Page
from ssg.render.templates.template_errors import as_render_error
from tests.conftest import Built


@pytest.fixture
def page(site: Callable[..., Built]) -> Page:
    return site({"content/a.md": ""}).page("/a/")


def _problem(error: Exception, page: Page) -> Problem:
    try:
        raise error
    except Exception as raised:
        return as_render_error(raised, page).problems[0]


def test_a_render_error_stays_as_it_is(page: Page) -> None:
    error = RenderError(Problem("x"))
    assert as_render_error(error, page) is error


def test_any_other_error_names_its_kind_and_the_page(page: Page) -> None:
    problem = _problem(ValueError("no"), page)
    assert problem.full_message == "ValueError: no (while rendering content/a.md)"
    assert problem.where is None


def test_a_syntax_error_knows_its_place(page: Page) -> None:
    error = jinja2.TemplateSyntaxError("bad", 7, "page.html", "templates/page.html")
    assert _problem(error, page).where == Location("templates/page.html", 7)


def test_a_generated_page_is_named_by_its_path(site: Callable[..., Built]) -> None:
    problem = _problem(ValueError("no"), site().page("/404.html"))
    assert problem.pages == ("/404.html",)
