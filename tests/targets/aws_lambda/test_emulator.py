"""The function in AWS's own emulator: rules, caching, failures and the time limit."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from ssg.images.cards.card_files import draw_card
from ssg.images.encoder_pool import EncoderPool
from ssg.images.maker import VariantMaker
from ssg.images.variant_cache import VariantCache
from ssg.model.images.settings import ImageSettings
from ssg.render.views.card import card_of, design_of
from tests.conftest import Built, Files
from tests.images.pictures import encoded, photo
from tests.lambda_emulator import Emulator, event, lambda_site
from tests.targets.aws_lambda.test_target import build_for_lambda

pytestmark = [getattr(pytest.mark, "lambda"), pytest.mark.xdist_group("lambda")]

SECRET = "a-secret-of-more-than-thirty-two-characters"  # noqa: S105 of a test
SITE: Files = {
    "ssg.toml": """
theme = ""
base_url = "https://example.org/"
[target]
name = "lambda"
[languages.en]
[languages.fr]
[images]
widths = [64, 128]
addresses = ["/img/{file}/{width}"]
[[deferred.rules]]
match = "blog/**"
[[deferred.rules]]
kind = "image"
match = "**"
[images.cards]
width = 240
height = 126
margin = 12
""",
    "templates/page.html": """<title>{{ page.title }}</title>
{% for a in range(page.extra.rounds or 0) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}
{% if page.extra.large %}{{ "x" * 5000000 }}{% endif %}
{{ page.content }}""",
    "templates/section.html": "{{ page.title }}",
    "templates/404.html": "nothing in {{ page.language }}",
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/about.md": "---\ntitle: About\naliases: [/who/]\n---\nWe.\n",
    "content/members.md": "---\ntitle: Members\n---\nOnly for members.\n",
    "content/blog/a.md": "---\ntitle: Ä\n---\nText of ä\n",
    "content/blog/slow.md": "---\ntitle: Slow\nextra: {rounds: 10000}\n---\n",
    "content/blog/large.md": "---\ntitle: Large\nextra: {large: true}\n---\n",
    "static/a.png": "a picture",
    "static/boat.jpg": encoded(photo(240, 160), "JPEG"),
    "static/robots.txt": "User-agent: *\n",
    "static/forced.txt": "a file",
    "static/_redirects": """
/forced.txt /about/ 302!
/land/* /at/:splat 302 Country=at
/lang/* /fr/:splat 302 Language=fr
/beta/* /blog/:splat 302 Cookie=beta
/members/* /members/:splat 200! Role=admin
/ask q=:q /blog/:q/ 302
/a.png /about/ 301
/missing.png /about/ 301
/rewrite /about/ 200
""",
    "static/_headers": "/robots.txt\n  Cache-Control: max-age=5\n  X-Own: 1\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_for_lambda(tmp_path_factory.mktemp("lambda"), SITE)


@pytest.fixture(scope="module")
def emulator(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    work = tmp_path_factory.mktemp("emulator")
    settings = {"environment": {"SSG_JWT_SECRET": SECRET}, "timeout_seconds": 3}
    with lambda_site(built.root / "dist", work, **settings) as (emulator, _):
        yield emulator


def test_a_critical_page_is_kept_until_a_deploy_purges_it(built: Built, emulator: Emulator) -> None:
    answer = emulator.ask("/about/")
    assert answer.body == (built.root / "dist/public/about/index.html").read_bytes()
    assert answer.headers["cache-control"].startswith("public, max-age=0, s-maxage=31536000, ")
    tags = answer.headers["cache-tag"].split(",")
    assert {"files", "site", f"build:{built.report.build_id}"} < set(tags) and len(tags) == 4


def test_a_deferred_page_has_the_tags_of_what_it_shows(built: Built, emulator: Emulator) -> None:
    answer = emulator.ask("/blog/a/")
    assert (answer.status, answer.body.decode()) == (200, built.render("/blog/a/"))
    tags = answer.headers["cache-tag"].split(",")
    assert f"build:{built.report.build_id}" in tags and "files" not in tags and len(tags) <= 50


def test_a_cache_that_has_the_page_gets_no_body(emulator: Emulator) -> None:
    for path in ("/blog/a/", "/about/"):
        etag = emulator.ask(path).headers["etag"]
        again = emulator.ask(path, headers={"If-None-Match": f'"other", W/{etag}'})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
        assert "s-maxage" in again.headers["cache-control"] and "content-type" not in again.headers
        assert emulator.ask(path, headers={"If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize(
    ("path", "headers", "cookies", "location"),
    [
        ("/who/", {}, [], "/about/"),
        ("/who?x=1", {}, [], "/about/?x=1"),
        ("/about?x=1", {}, [], "/about/?x=1"),
        ("/forced.txt", {}, [], "/about/"),
        ("/land/x", {"CloudFront-Viewer-Country": "AT"}, [], "/at/x"),
        ("/land/x", {}, ["nf_country=at"], "/at/x"),
        ("/land/x", {"CloudFront-Viewer-Country": "DE"}, [], None),
        ("/lang/x", {"Accept-Language": "fr-CH, en"}, [], "/fr/x"),
        ("/lang/x", {"Accept-Language": "en, fr"}, [], None),
        ("/beta/a/", {}, ["x=1", "beta=1"], "/blog/a/"),
        ("/beta/a/", {}, ["x=1"], None),
        ("/ask?q=%C3%A4", {}, [], "/blog/%C3%A4/?q=%C3%A4"),
        ("/missing.png", {}, [], "/about/"),
    ],
)
def test_rules_decide_as_on_other_hosts(
    emulator: Emulator, path: str, headers: dict[str, str], cookies: list[str], location: str | None
) -> None:
    answer = emulator.ask(path, headers=headers, cookies=cookies)
    assert answer.headers.get("location") == location
    assert answer.status in ({301, 302} if location else {404})
    assert "files" in answer.headers["cache-tag"].split(",")


def test_a_rewrite_and_the_headers_of_the_site(emulator: Emulator) -> None:
    assert emulator.ask("/rewrite").body == emulator.ask("/about/").body
    robots = emulator.ask("/robots.txt")
    assert (robots.headers["cache-control"], robots.headers["x-own"]) == ("max-age=5", "1")
    assert robots.headers["content-type"] == "text/plain; charset=UTF-8"


def test_what_is_for_one_role_is_never_kept(emulator: Emulator) -> None:
    claims = {"exp": time.time() + 60, "app_metadata": {"authorization": {"roles": ["admin"]}}}
    token = jwt.encode(claims, SECRET, "HS256")
    for cookies, status in (([f"nf_jwt={token}"], 200), ([f"nf_jwt={token}x"], 404), ([], 404)):
        answer = emulator.ask("/members/", cookies=cookies)
        assert (answer.status, answer.headers["cache-control"]) == (status, "no-store")
        assert "cache-tag" not in answer.headers
        assert (b"Only for members" in answer.body) == (status == 200)


def test_a_file_that_the_bucket_lacks_is_not_found(emulator: Emulator) -> None:
    answer = emulator.ask("/a.png")  # the redirect rule is not forced: the file counts
    assert answer.status == 404 and "s-maxage=60," in answer.headers["cache-control"]
    assert emulator.ask("/fr/x/").body == b"nothing in fr"


def test_other_methods_and_a_page_that_is_too_large(emulator: Emulator) -> None:
    refused = emulator.ask("/about/", "POST")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
    large = emulator.ask("/blog/large/")
    assert (large.status, large.headers["cache-control"]) == (500, "no-store")
    assert "a function sends 4600000 at most" in emulator.said
    assert b"4600000" not in large.body


def test_an_event_of_another_kind_reveals_nothing(emulator: Emulator) -> None:
    payload = emulator.invoke({"rawPath": "/x", "secret": "word"})
    body = base64.b64decode(payload["body"])
    assert payload["statusCode"] == 500 and b"KeyError" not in body
    line = next(one for one in emulator.said.splitlines() if '"path": "/x"' in one)
    assert json.loads(line[line.index("{") :])["message"].startswith("KeyError")


def test_a_variant_has_the_bytes_that_others_make(
    built: Built, emulator: Emulator, tmp_path: Path
) -> None:
    picture = built.site.picture("/boat.jpg")
    assert picture
    variant = built.site.find_variant(f"/_img/{picture.digest}-128.webp")
    assert variant
    for _ in range(2):
        answer = emulator.ask(variant.path)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    with EncoderPool() as pool:
        maker = VariantMaker(VariantCache(tmp_path), pool, ImageSettings())
        assert answer.body == maker.read(built.root / "static/boat.jpg", variant)
    etag = answer.headers["etag"]
    assert emulator.ask(variant.path, headers={"If-None-Match": etag}).status == 304
    assert emulator.ask(variant.path, "HEAD").headers["content-length"] == str(len(answer.body))
    assert emulator.ask(variant.path, "POST").status == 405


def test_a_card_has_the_bytes_that_others_draw(built: Built, emulator: Emulator) -> None:
    site, page = built.site, built.page("/blog/a/")
    design, card = design_of(site), card_of(page, site)
    assert design and card
    answer = emulator.ask(card.path(design))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.body == draw_card(design, built.root / ".ssg/images/card-files", card)
    other = card.path(design).replace(card.digest(design), "0" * 16)
    assert emulator.ask(other).status == 404


@pytest.mark.parametrize(
    "path", ["/img/boat.jpg/64", "/.netlify/builders/ssg-images/file/boat.jpg/width/64"]
)
def test_an_address_of_a_variant_is_kept_until_the_next_deploy(
    emulator: Emulator, path: str
) -> None:
    answer = emulator.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert "s-maxage=31536000" in answer.headers["cache-control"]
    assert "files" in answer.headers["cache-tag"].split(",")
    missing = emulator.ask(path.replace("64", "65"))
    assert missing.status == 404
    assert "s-maxage=60," in missing.headers["cache-control"]


def test_a_variant_that_the_build_does_not_know_is_missing_for_a_minute(
    emulator: Emulator,
) -> None:
    missing = emulator.ask("/_img/0123456789abcdef-64.webp")
    assert missing.status == 404
    assert "s-maxage=60," in missing.headers["cache-control"]


def test_a_render_that_is_too_slow_is_ended(emulator: Emulator) -> None:
    started = time.monotonic()
    said = emulator.invoke_raw(event("/blog/slow/"))
    assert time.monotonic() - started < 10
    assert b"Task timed out after 3.00 seconds" in said
    assert emulator.ask("/blog/a/").status == 200  # in a new process
