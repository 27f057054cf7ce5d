"""Reads tables."""

import typer
import yaml


def read(text):
    import numpy

    typer.echo(text)

    return numpy.array(yaml.safe_load(text))
