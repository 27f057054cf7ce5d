"""`ssg new site` and `ssg new page`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options
from ssg.config.target_registry import KINDS, TARGETS
from ssg.model.errors import Problem, ScaffoldError
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.scaffold.new_site import ScaffoldResult

new = typer.Typer(help="Make a new site or a new page.", no_args_is_help=True)

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new site.")]
SiteTitleOption = Annotated[str | None, typer.Option("--title", help="The site's name.")]
SiteUrlOption = Annotated[
    str | None,
    typer.Option(
        "--base-url", "-b", help="The address of the site, if its host does not give it one."
    ),
]
ThemeOption = Annotated[
    str | None, typer.Option("--theme", help="The theme.", autocompletion=completion.themes)
]
FunctionKindOption = Annotated[
    str | None, typer.Option("--kind", help=f"The kind of function: {' or '.join(KINDS)}.")
]
ExampleOption = Annotated[
    bool | None,
    typer.Option("--example/--no-example", help="Begin with a blog and an about page."),
]
CiOption = Annotated[
    str | None,
    typer.Option("--ci", help="github: a workflow that keeps popular pages rendered."),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; use the defaults.")]

PagePathArgument = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A path below content/: blog/my-post, or blog/trip/ for a page with its own folder.",
        autocompletion=completion.folders,
    ),
]
PageTitleOption = Annotated[
    str | None, typer.Option("--title", help="The title, instead of one made from the path.")
]
DeferredOption = Annotated[
    bool, typer.Option("--deferred", help="Render the page on its first request.")
]
SectionOption = Annotated[
    bool, typer.Option("--section", help="Make a section: a folder of pages.")
]
KindOption = Annotated[
    str | None,
    typer.Option("--kind", help="The name of an archetype.", autocompletion=completion.archetypes),
]
EditOption = Annotated[bool, typer.Option("--edit", help="Open the file in $VISUAL or $EDITOR.")]


@new.command()
def site(
    folder: FolderArgument,
    title: SiteTitleOption = None,
    base_url: SiteUrlOption = None,
    theme: ThemeOption = None,
    target: options.TargetOption = None,
    kind: FunctionKindOption = None,
    example: ExampleOption = None,
    ci: CiOption = None,
    yes: YesOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Make a site that you can build, preview and deploy without changes.

    Files that exist are kept.
    """
    from ssg.build.clock import build_time
    from ssg.scaffold.new_site import NewSiteOptions, new_site

    default, ask = NewSiteOptions(), _default if yes else _ask
    host = default.target if target is None else target
    answers = NewSiteOptions(
        title=ask("Title", default.title) if title is None else title,
        base_url=ask("URL (empty: the one that the host gives it)", "")
        if base_url is None
        else base_url,
        theme=ask("Theme", default.theme) if theme is None else theme,
        target=host,
        kind=_function_kind(host, yes) if kind is None else kind,
        example=_examples(yes) if example is None else example,
        ci=ci or "",
    )
    made = new_site(folder, answers, build_time("UTC"))
    if not quiet:
        _print_result(made)


@new.command()
def page(
    path: PagePathArgument,
    title: PageTitleOption = None,
    deferred: DeferredOption = False,
    section: SectionOption = False,
    kind: KindOption = None,
    edit: EditOption = False,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Start a page from the archetype of its section, and print the path of its file."""
    from ssg.build.clock import build_time
    from ssg.cli.console import err
    from ssg.scaffold.editor import open_editor
    from ssg.scaffold.new_page import NewPageRequest, new_page
    from ssg.targets.load_target import target_for

    project = options.read_project(root, config)
    request = NewPageRequest(path, title, deferred, section, kind)
    file = new_page(project, request, build_time(project.settings.site.timezone))
    typer.echo(root / file.relative_to(project.root))
    if deferred and not target_for(project.settings.target).defers:
        name = project.settings.target.name
        err.print(f"the target {name} renders every page: see target.name", markup=False)
    if edit:
        open_editor(file)


def _default(question: str, default: str) -> str:  # noqa: ARG001 as _ask
    return default


def _ask(question: str, default: str) -> str:
    try:
        answer: str = typer.prompt(question, default, show_default=bool(default), err=True)
    except typer.Abort as error:
        if sys.stdin.isatty():
            raise
        raise _no_answer(question) from error
    return answer


def _no_answer(question: str) -> ScaffoldError:
    hint = "Run it in a terminal, or accept the defaults with --yes"
    return ScaffoldError(Problem(f'the question "{question}" has no answer', hint=hint))


def _function_kind(target: str, yes: bool) -> str:
    """The kind of function of a host that has several; says first what each gives."""
    from ssg.cli.console import err

    kinds = TARGETS[target].kinds if target in TARGETS else {}
    if yes or not kinds:
        return ""
    for name, gives in kinds.items():
        err.print(f"  {name}: {gives}", markup=False)
    return _ask("Kind of function", next(iter(kinds)))


def _examples(yes: bool) -> bool:
    return yes or typer.confirm("Example content", default=True, err=True)


def _print_result(made: ScaffoldResult) -> None:
    """Print what was made, and the next step."""
    from ssg.cli.console import err

    err.print(f"made {made.folder} ({counted(len(made.written), 'file')})", markup=False)
    for name in made.kept:
        err.print(f"kept {made.folder / name}, which existed", markup=False)
    err.print(f"\nnext: cd {made.folder} && ssg serve", markup=False)
