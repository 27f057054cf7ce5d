"""A site with a bit of everything that templates see."""

from __future__ import annotations

SUB = 'theme = ""\nbase_url = "https://example.org/sub/"\n[extra]\nmenu = ["x"]\n'
SITE = {
    "ssg.toml": SUB,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\npaginate_by: 2\nextra: {a: 1}\n---\n",
    "content/blog/deep/_index.md": "---\ntitle: Deep\nweight: 2\n---\n",
    "content/blog/deep/x.md": "---\ntags: [T]\n---\nx",
    "content/blog/first/_index.md": "---\nweight: 1\n---\n",
    "content/blog/a.md": "---\ndate: 2025-01-03\ntags: [T, U]\ncategories: C\nauthors: Ann, Bob\n"
    "keywords: [k]\nextra: {when: 2025-01-01}\nsubtitle: own\n---\n" + "word " * 440,
    "content/blog/b.md": "---\ndate: 2025-01-02\ndescription: D & E\n---\n",
    "content/blog/c.md": "---\ndate: 2025-01-01\nsummary: S\n---\n",
    "content/blog/trip/index.md": "text",
    "content/blog/trip/ö.jpg": "x",
    "data/team.toml": 'lead = "Ann"\n',
    "data/places/london.json": '{"rain": true}',
}


def only_at(path: str, template: str) -> str:
    """Return a template that prints on one page only."""
    return f"{{% if page.path == '{path}' %}}{template}{{% endif %}}"
