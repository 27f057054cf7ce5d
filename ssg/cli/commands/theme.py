"""`ssg theme`: which themes there are, and what a site lies over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options

if TYPE_CHECKING:
    from ssg.scaffold.template_layers import TemplateLayers

theme = typer.Typer(help="Look at themes, and take templates from them.", no_args_is_help=True)

ThemeArgument = Annotated[
    str | None,
    typer.Argument(metavar="[THEME]", help="Another theme.", autocompletion=completion.themes),
]
AnyTemplateArgument = Annotated[
    str | None,
    typer.Argument(metavar="[TEMPLATE]", help="One of them.", autocompletion=completion.templates),
]
TemplateArgument = Annotated[
    str,
    typer.Argument(
        metavar="TEMPLATE", help="Its name: page.html.", autocompletion=completion.templates
    ),
]
USES = {0: "", 1: "in use"}


@theme.command("list")
def list_(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List the themes in themes/, and those that come with ssg."""
    from ssg.cli.console import print_json, print_table
    from ssg.scaffold.template_layers import themes

    project = options.read_project(root, config)
    found = themes(project)
    if json:
        print_json(
            [
                {"name": t.name, "title": t.title, "description": t.description,
                 "folder": str(t.folder), "use": t.use}
                for t in found
            ]
        )  # fmt: skip
        return
    rows = [
        (one.name, USES.get(one.use, "under it"), _place(one.folder, project.root), one.description)
        for one in found
    ]
    print_table(rows, ("theme", "use", "folder", "description"))


@theme.command()
def show(
    name: ThemeArgument = None,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List every template: the file that is used, and those that it hides."""
    from ssg.cli.console import print_json, print_table
    from ssg.scaffold.template_layers import template_layers

    found = template_layers(options.read_project(root, config), name)
    if json:
        print_json([{"name": one.name, "files": _files(one)} for one in found])
        return
    rows = [(one.name, _files(one)[0], ", ".join(_files(one)[1:])) for one in found]
    print_table(rows, ("template", "used", "hidden"))


@theme.command()
def diff(
    template: AnyTemplateArgument = None,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Compare templates of the site with those that they lie over."""
    from ssg.cli.console import err, out
    from ssg.scaffold.template_layers import differences

    found = list(differences(options.read_project(root, config), template))
    for name, text in found:
        out.print(text or f"{name} is the same as the one below", markup=False)
    if not found:
        err.print("no template of the site lies over another")


@theme.command()
def eject(
    template: TemplateArgument,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Copy a template of the theme into the site, to change it there, and print its path."""
    from ssg.scaffold.template_layers import eject as run

    project = options.read_project(root, config)
    typer.echo(root / run(project, template).relative_to(project.root))


def _files(one: TemplateLayers) -> list[str]:
    return [file.origin for file in one.files]


def _place(folder: Path, root: Path) -> str:
    return str(folder.relative_to(root)) if folder.is_relative_to(root) else "comes with ssg"
