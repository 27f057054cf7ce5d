"""Reads tables."""

import typer
import yaml


def read(text):
    import weathermodel

    typer.echo(text)

    return weathermodel.array(yaml.safe_load(text))
