"""`ssg redirects`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssg.cli import options

if TYPE_CHECKING:
    from ssg.build.inspect.route_checks import ListedRule


class RuleFormat(StrEnum):
    """The format in which rules are printed."""

    NETLIFY = "netlify"
    TOML = "toml"


CheckOption = Annotated[
    bool, typer.Option("--check", help="Find rules that never apply or do harm; exit 1 if any.")
]
FormatOption = Annotated[
    RuleFormat | None,
    typer.Option("--format", help="Print all rules: netlify (_redirects) or toml (netlify.toml)."),
]


def redirects(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    check: CheckOption = False,
    form: FormatOption = None,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List every redirect rule of the site in the order in which its host reads them."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.route_checks import findings, listed, routes_of, routing
    from ssg.build.report import problem_json
    from ssg.cli.console import err, print_json, print_table, print_warnings
    from ssg.cli.routing import print_routing

    project = options.read_project(root, config, target=target)
    with dry_run(project, options.build_options(project, asks_sources=False)) as compiled:
        routes = routes_of(compiled)
        rules = list(listed(compiled, routes))
        found = findings(compiled, routes) if check else []
    if json:
        problems = {"problems": [problem_json(problem) for problem in found]} if check else {}
        listing = {"rules": [_as_json(item) for item in rules], "routing": routing(routes)}
        print_json({**listing, **problems})
    elif form:
        typer.echo(_written(form, rules), nl=False)
    elif rules:
        rows = [(i.rule.from_path, i.rule.to, _status(i), _for_whom(i), i.origin) for i in rules]
        print_table(rows, ("from", "to", "status", "for", "origin"))
    else:
        err.print(f"no redirect rules for the target {project.settings.target.name}")
    if not (json or form):
        print_routing(routes)
    print_warnings(found)
    if found:
        raise typer.Exit(1)


def _written(form: RuleFormat, rules: list[ListedRule]) -> str:
    from ssg.redirects.formats.netlify_toml import write_netlify_toml
    from ssg.redirects.formats.redirects_file import write_redirects

    write = write_netlify_toml if form is RuleFormat.TOML else write_redirects
    return write(item.rule for item in rules)


def _status(item: ListedRule) -> str:
    return f"{item.rule.status}{'!' * item.rule.force}"


def _for_whom(item: ListedRule) -> str:
    """The conditions of a rule, as `_redirects` writes them."""
    rule = item.rule
    host = [rule.origin] if rule.origin else []
    query = [f"{name}={value}" for name, value in rule.query]
    return " ".join([*host, *query, *_conditions(item)])


def _conditions(item: ListedRule) -> list[str]:
    from ssg.redirects.formats.raw_rule import CONDITION_FIELDS

    values_of = {
        name: getattr(item.rule.conditions, field) for name, field in CONDITION_FIELDS.items()
    }
    return [f"{name}={','.join(values)}" for name, values in values_of.items() if values]


def _as_json(item: ListedRule) -> dict[str, Any]:
    from dataclasses import asdict

    rule = asdict(item.rule)
    rule["query"], rule["headers"] = dict(item.rule.query), dict(item.rule.headers)
    named = {"from": rule.pop("from_path"), "host": rule.pop("origin")}
    return {**named, **rule, "origin": item.origin}
