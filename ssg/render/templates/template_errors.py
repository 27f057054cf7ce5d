"""Errors of rendering, with their template, line and page."""

from __future__ import annotations

import traceback

import jinja2

from ssg.model.errors import Location, Problem, RenderError
from ssg.model.page import Page
from ssg.render.module_importer import is_site_code
from ssg.render.templates.environment import name_as_written


def as_render_error(error: Exception, page: Page) -> RenderError:
    """Turn an error into a RenderError that names template, line and page."""
    if isinstance(error, RenderError):
        return error
    where = _place(error)
    subject = f"content/{page.source}" if page.source else page.path
    hint = getattr(error, "hint", None)
    return RenderError(Problem(_message(error), where, hint, (subject,)))


def _message(error: Exception) -> str:
    if isinstance(error, jinja2.TemplateNotFound):
        return f'template "{name_as_written(str(error.name))}" not found'
    if isinstance(error, jinja2.TemplateError):
        return error.message or "template error"
    if isinstance(error, RecursionError):
        return "templates include or call each other endlessly"
    return f"{type(error).__name__}: {error}"


def _place(error: Exception) -> Location | None:
    """Return the innermost line in a template or in the site's own Python.

    Jinja maps its frames to files of templates, whose names do not end in `.py`.
    """
    if isinstance(error, jinja2.TemplateSyntaxError):
        return Location(error.filename or error.name or "template", error.lineno)
    places = [
        Location(frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if is_site_code(frame) or not frame.f_code.co_filename.endswith((".py", ">"))
    ]
    return places[-1] if places else None
