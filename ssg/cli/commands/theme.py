"""`ssg theme`: the themes, and the templates that a site overrides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options

if TYPE_CHECKING:
    from ssg.scaffold.template_layers import TemplateLayers

theme = typer.Typer(
    help="List themes, compare their templates, and copy them into the site.", no_args_is_help=True
)

ThemeArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[THEME]",
        help="The theme; by default that of the site.",
        autocompletion=completion.themes,
    ),
]
AnyTemplateArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[TEMPLATE]",
        help="One template instead of all.",
        autocompletion=completion.templates,
    ),
]
TemplateArgument = Annotated[
    str,
    typer.Argument(
        metavar="TEMPLATE",
        help="The name of the template: page.html.",
        autocompletion=completion.templates,
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
        (
            one.name,
            USES.get(one.use, "parent theme"),
            _place(one.folder, project.root),
            one.description,
        )
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
    """List every template: the file that is used, and the files that it overrides."""
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
    """Compare templates of the site with the templates that they override."""
    from ssg.cli.console import err, out
    from ssg.scaffold.template_layers import differences

    found = list(differences(options.read_project(root, config), template))
    for name, text in found:
        out.print(text or f"{name} is the same as the template that it overrides", markup=False)
    if not found:
        err.print("no template of the site overrides another")


@theme.command()
def eject(
    template: TemplateArgument,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Copy a template of the theme into the site, where you can change it, and print its path."""
    from ssg.scaffold.template_layers import eject as run

    project = options.read_project(root, config)
    typer.echo(root / run(project, template).relative_to(project.root))


def _files(one: TemplateLayers) -> list[str]:
    return [file.origin for file in one.files]


def _place(folder: Path, root: Path) -> str:
    return str(folder.relative_to(root)) if folder.is_relative_to(root) else "comes with ssg"
