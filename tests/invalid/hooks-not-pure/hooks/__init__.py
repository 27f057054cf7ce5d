from . import tables


def setup(hooks):
    hooks.filter(tables.read)
