"""A site of live pages with every construct of routes, and the answers expected of every host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ssg.model.queries.site import Site
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.environment import SiteEnvironment
from ssg.sources.source_shell import SourceShell
from tests.conformance.site import build_for
from tests.conftest import Files, write
from tests.json_api import JsonApi

TOKEN = "canary-conformance-91c4"  # noqa: S105 it is looked for
ODD = "käse & wein; 100% +x"
"""A value with characters that mean something in URLs."""
STRANGE = """# A <b>heading</b>

<script>alert(1)</script> [x](javascript:alert(2)) [home](/) {{ env.API_TOKEN }} {% raw %}

```python
import this
```
"""
LIVE_SITE: Files = {
    "ssg.toml": """
title = "Live"
base_url = "https://example.org/"
theme = ""
default_language = "en"
[languages.en]
[languages.fr]
[runtime]
env = ["API_URL", "SITE_NAME"]

[sources.api]
url = "${API_URL}/v1"
headers = { Authorization = "Bearer ${API_TOKEN}" }
timeout = 2
max_bytes = 100000
trusted = true

[sources.strangers]
url = "${API_URL}"

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
except = { user = ["fault", "users", "blog", "fr", "since", "strange", "loaded", "shaped"] }
data.post = { source = "api", path = "/posts/{user}/{slug}" }
data.more = { source = "api", path = "/posts?user={user}&limit=3", optional = true }
page = { title = "post.title", date = "post.published_at", body = "post.markdown" }
canonical = "/{post.user}/{post.slug}/"
redirect = "post.moved_to"
ttl = 3600
stale = "1d"
tags = ["user:{user}", "post:{user}/{slug}"]

[[routes]]
path = "/users/{user}/"
template = "list.html"
data.account = { source = "api", path = "/users/{user}" }
data.posts = { source = "api", path = "/posts?user={user}&limit={limit}&offset={offset}" }
page = { title = "account.name" }
ttl = 60
[routes.list]
items = "posts.items"
path = "/{item.user}/{item.slug}/"
page = { title = "title", date = "published_at" }
paginate_by = 2
total = "posts.total"

[[routes]]
path = "/since/{user}/"
template = "list.html"
data.posts = { source = "api", path = "/posts?user={user}&limit=2&after={cursor}" }
page = { title = "posts.items.0.user" }
ttl = 60
[routes.list]
items = "posts.items"
path = "/{item.user}/{item.slug}/"
page = { title = "title" }
paginate_by = 2
next = "posts.next"

[[routes]]
path = "/users/{user}/feed.xml"
template = "feed.xml"
data.posts = { source = "api", path = "/posts?user={user}&limit=20" }
ttl = 90
[routes.list]
items = "posts.items"
path = "/{item.user}/{item.slug}/"
page = { title = "title", date = "published_at", updated = "edited_at", body = "markdown" }

[[routes]]
path = "/strange/{slug}/"
template = "page.html"
data.post = { source = "strangers", path = "/posts/user1/{slug}" }
page = { title = "post.title", body = "post.markdown" }
ttl = 70

[[routes]]
path = "/loaded/{slug}/"
template = "loaded.html"
loader = "post_and_author"
page = { title = "post.title" }
ttl = 80

[[routes]]
path = "/shaped/{slug}/"
template = "page.html"
data.post = { source = "api", path = "/posts/user1/{slug}", schema = "schemas/post.json" }
page = { title = "post.title" }
ttl = 75

[[routes]]
path = "/fault/{name}/{value}/"
template = "all.html"
data.it = { source = "api", path = "/fault/{name}/{value}" }
ttl = 120

[[routes]]
path = "/"
template = "home.html"
data.popular = { source = "api", path = "/popular?limit=3" }
page = { title = "Home" }
languages = ["en", "fr"]
ttl = 65

[[routes]]
path = "/blog/{slug}.html"
template = "env.html"
data.post = { source = "api", path = "/posts/user1/{slug}" }
page = { title = "post.title" }
languages = ["en", "fr"]
ttl = 300
""",
    "templates/page.html": "<p>{{ page.title }}</p>{{ page.content }}",
    "templates/section.html": "<h1>{{ page.title }}</h1>",
    "templates/404.html": "<h1>Nothing ({{ page.language }})</h1>",
    "templates/home.html": "{{ site.language }}{% for one in popular %} {{ one.slug }}{% endfor %}",
    "templates/post.html": """<!doctype html>
<title>{{ page.title }}</title>
<link rel="canonical" href="{{ page.permalink }}">
<p>{{ page.date.isoformat() if page.date }} {{ params.user }} {{ post.slug }}</p>
{{ page.content }}
{% for one in more.items if more %}<a href="{{ one.slug }}">{{ one.title }}</a>{% endfor %}
""".replace("more.items if more", "(more['items'] if more else [])"),
    "templates/list.html": """<h1>{{ page.title }}</h1>
{% for one in paginator.pages %}<a href="{{ one.url }}">{{ one.title }}</a>{% endfor %}
{{ paginator.number }} of {{ paginator.count }}
{% if paginator.next %}<a href="{{ paginator.next }}">Next</a>{% endif %}
""",
    "templates/all.html": "<pre>{{ it }}</pre>",
    "templates/loaded.html": "{{ page.title }} by {{ author.name }}, {{ how }}",
    "hooks.py": """
def setup(hooks):
    @hooks.loader
    def post_and_author(request):
        post = yield request.ask("api", path="/posts/user1/{slug}")
        author, _ = yield [
            request.ask("api", path="/users/{name}", name=post["user"]),
            request.ask("api", path="/posts?user={name}&limit=1", name=post["user"], optional=True),
        ]
        how = "anew" if request.is_refresh else "for a visitor"
        return {"post": post, "author": author, "how": how}
""",
    "schemas/post.json": """{
  "type": "object",
  "required": ["title"],
  "properties": {"title": {"type": "string", "maxLength": 30}}
}
""",
    "templates/env.html": "{{ page.title }} on {{ env.SITE_NAME }} {{ page.language }}",
    "content/user1/built.md": "---\ntitle: A file\n---\nIt comes first.\n",
    "content/user1/late.md": "---\ntitle: Late\ndeferred: true\nttl: 120\n---\nNext.\n",
    "static/_headers": "/user1/post1/\n  X-Post: first\n",
}


def variables(api: JsonApi) -> Mapping[str, str]:
    """The environment of every host."""
    return {"API_URL": api.url, "API_TOKEN": TOKEN, "SITE_NAME": "Here"}


def add_posts(api: JsonApi) -> None:
    """The posts that are asked for, beside `/posts/user1/post1` and so on."""
    api.add_post("user1", ODD, title=ODD, markdown=f"Odd: {ODD}")
    api.add_post("user1", "moved", moved_to="/user1/post1/")
    api.add_post("user1", "renamed")["slug"] = "post2"
    api.add_post("user1", "wild", markdown=STRANGE)
    api.add_post("user1", "long", title="A title that is too long for its schema")
    api.add_post("user1", "built", title="Hidden by a file")
    api.add_post("user1", "late", title="Hidden by a page")


@contextmanager
def expected_answers(root: Path, place: Path, api: JsonApi) -> Iterator[dict[str, Response]]:
    """A way to ask the runtime in this process: `answers[path]`."""
    write(root, LIVE_SITE)
    layout = build_for(root, place, "server")
    site = Site.open(layout.database)
    sources = site.settings.sources
    environment = SiteEnvironment.for_site(variables(api), site.settings.env, sources.values())
    shell = SourceShell(sources, environment, {})
    renderer = TaggedRenderer(site, environment.visible_values)

    class Answers(dict[str, Response]):
        def __missing__(self, path: str) -> Response:
            return answered(renderer, Request("GET", path), shell.bring)

    try:
        yield Answers()
    finally:
        shell.close()
        site.close()
