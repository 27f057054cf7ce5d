"""A page for each line of a table, and one for each berth."""

import csv

from ssg.content.build_hooks import SourcePage


def setup(hooks):
    @hooks.on_sources
    def boats(root):
        with (root / "boats.csv").open() as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            yield SourcePage(
                f"boats/{row['name'].lower()}.md",
                {"title": row["name"], "date": f"{row['built']}-01-01", "tags": [row["berth"]]},
                f"The {row['name']} was built in {row['built']}.\n\n[All boats](_index.md)\n",
            )

    @hooks.on_page
    def mark(page):
        if page.source == "boats/cid.md":
            page.front["weight"] = 1
