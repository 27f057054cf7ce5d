"""Our templates for the built-in embeds of other generators, written if a text calls them."""

from __future__ import annotations

from collections.abc import Mapping

_RATIO = "aspect-ratio: 16 / 9; width: 100%; border: 0"


def _frame(address: str, title: str) -> str:
    return (
        f'<iframe src="{address}" title="{title}" style="{_RATIO}"'
        ' loading="lazy" allowfullscreen></iframe>\n'
    )


TEMPLATES: Mapping[str, str] = {
    "youtube": _frame(
        "https://www.youtube-nocookie.com/embed/{{ id }}"
        "{% if start %}?start={{ start }}{% endif %}",
        '{{ title or "YouTube video" }}',
    ),
    "vimeo": _frame("https://player.vimeo.com/video/{{ id }}", '{{ title or "Vimeo video" }}'),
    "gist": '<script src="https://gist.github.com/{{ user }}/{{ id }}.js'
    '{% if file %}?file={{ file | urlencode }}{% endif %}"></script>\n',
    "tweet": '<p><a href="https://x.com/{{ user or "i" }}/status/{{ id }}">'
    "A post by {{ user or id }} on X</a></p>\n",
    "instagram": '<p><a href="https://www.instagram.com/p/{{ id }}/">A post on Instagram</a></p>\n',
    "qr": "<p><code>{{ text }}</code></p>\n",
}
