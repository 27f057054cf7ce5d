"""Boats and harbours, in Google's style.

A package to try things with: `Boat`, `Anchor`, `sail()` and `nothing`.

# Usage

```python
Boat("Ana")  # `Boat` and {{ braces }} stand as they are here
```
"""

from os import path
from google_boats._hidden import DEPTH, Anchor
from google_boats.boat import Boat, sail

__all__ = ["DEPTH", "Anchor", "Boat", "path", "sail"]


def not_listed(): ...
