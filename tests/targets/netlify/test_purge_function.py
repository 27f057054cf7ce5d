"""The function that answers `POST /_ssg/purge`, in Node, in front of a fake of Netlify's API."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ssg.build.layout import Layout
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.cli.options import build_options, read_project
from ssg.model.cache_options import is_cache_tag, purged_tag
from ssg.model.errors import PurgeError
from ssg.runtime.signed_purge import MAX_TAGS
from ssg.targets.load_target import purger_for
from ssg.targets.netlify.function import FUNCTIONS_FOLDER
from ssg.targets.netlify.purge_function import purge_function_name, write_purge_function
from tests.conftest import BARE, write
from tests.e2e.netlify import ask, netlify_build, netlify_dev
from tests.runtime.purge_requests import SECRET, PurgeRequest, cases, signed
from tests.targets.purge.fake_host import FakeHost, fake_host

pytestmark = pytest.mark.node

CALLER = Path(__file__).parent / "call_purge.mjs"
TOKEN = "nfp_of_the_function"  # noqa: S105 of a fake host
NAME = purge_function_name("ssg-pages")


@dataclass(frozen=True)
class Answers:
    """The answers of one process, and what it wrote to its log."""

    answers: Sequence[dict[str, Any]]
    log: Sequence[dict[str, Any]]
    output: str

    @property
    def statuses(self) -> list[int]:
        return [answer["status"] for answer in self.answers]


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(NAME)
    write_purge_function(folder, NAME)
    return folder / f"{NAME}.mjs"


@pytest.fixture
def api() -> Iterator[FakeHost]:
    with fake_host() as running:
        yield running


def call(
    function: Path, api: FakeHost | None, *requests: Mapping[str, Any], **variables: str
) -> Answers:
    """Call the function in a new process, once for each request."""
    ours = {"SSG_PURGE_SECRET": SECRET, "NETLIFY_PURGE_API_TOKEN": TOKEN, "SITE_ID": "site-1"}
    if api:
        ours["NETLIFY_API_URL"] = api.url
    done = subprocess.run(
        ["node", CALLER, function], input="".join(json.dumps(one) + "\n" for one in requests),
        env={"PATH": os.environ["PATH"], **ours, **variables},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stderr.splitlines()]
    log = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(log) == len(requests)
    return Answers(answers, log, done.stdout + done.stderr)


def sent(request: PurgeRequest) -> dict[str, Any]:
    return {"headers": dict(request.headers), "body": request.body.decode("latin-1")}


def test_the_signatures_of_javascript_are_those_of_the_vectors(function: Path) -> None:
    vectors = Path(__file__).parents[2] / "cases/purge/signatures.json"
    module = (function.parent / "signed_request.mjs").as_uri()
    script = f"""
        import {{ readFileSync }} from 'node:fs';
        import {{ signatureOf }} from {json.dumps(module)};
        for (const {{ secret, timestamp, nonce, body }} of JSON.parse(readFileSync(0)))
          console.log(signatureOf(secret, timestamp, nonce, Buffer.from(body)));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", script], input=vectors.read_text("utf-8"),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    expected = [vector["signature"] for vector in json.loads(vectors.read_text("utf-8"))]
    assert done.stdout.split() == expected != []


def test_a_text_becomes_the_same_tag_in_javascript(function: Path) -> None:
    texts = [
        "post:Ana/Über", "user:ana", "ΑΣ", "İ", "日本", "a b", "*", "x" * 128, "x" * 129, "é" * 400,
        "", "x" * 1001, "a\n", "\x7f", "\ud800", "🙂" * 1000, "%2f", "post:{x}",
        "cafe\u0301", "CAFÉ", "Å\u0323", "\u1100\u1161", "I\u0307",
    ]  # fmt: skip
    module = (function.parent / "cache_tag.mjs").as_uri()
    script = f"""
        import {{ readFileSync }} from 'node:fs';
        import {{ purgedTag }} from {json.dumps(module)};
        console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(purgedTag)));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", script], input=json.dumps(texts),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    expected = [purged_tag(text) for text in texts]
    assert json.loads(done.stdout) == expected
    assert all(is_cache_tag(tag) for tag in expected if tag is not None)
    assert expected.count(None) == 5


def test_a_signed_list_is_purged_with_the_token_of_the_function(
    function: Path, api: FakeHost
) -> None:
    done = call(function, api, sent(signed()))
    (received,) = api.received
    assert (received.method, received.path) == ("POST", "/api/v1/purge")
    assert received.headers["authorization"] == f"Bearer {TOKEN}"
    assert received.headers["content-type"] == "application/json"
    assert received.json == {"site_id": "site-1", "cache_tags": ["site", "page:0123456789"]}
    (answer,) = done.answers
    assert (answer["status"], answer["body"]) == (202, {"purged": 2})
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["content-type"] == "application/json"
    assert (done.log[0]["purge"], done.log[0]["status"]) == (2, 202)


def test_everything_is_purged_if_it_is_asked_for_expressly(function: Path, api: FakeHost) -> None:
    done = call(function, api, sent(signed(b'{"all":true}')))
    assert done.answers[0]["body"] == {"purged": "everything"}
    assert [received.json for received in api.received] == [{"site_id": "site-1"}]


def test_each_request_gets_the_answer_that_python_gives(function: Path, api: FakeHost) -> None:
    table = cases()
    done = call(function, api, *(sent(case.request) for case in table))
    assert done.statuses == [case.status for case in table]
    for case, answer in zip(table, done.answers, strict=True):
        assert case.reason in answer["body"].get("error", "")
    assert len(api.received) == sum(case.status == 202 for case in table)


@pytest.mark.parametrize("secret", ["", SECRET[:31], " " * 40])
def test_without_a_secret_there_is_no_endpoint(function: Path, api: FakeHost, secret: str) -> None:
    done = call(function, api, sent(signed()), SSG_PURGE_SECRET=secret)
    assert (done.statuses, done.answers[0]["body"]) == ([404], {"error": "not found"})
    assert done.answers[0]["headers"]["cache-control"] == "no-store"
    assert api.received == []


def test_a_secret_may_end_with_a_line(function: Path, api: FakeHost) -> None:
    assert call(function, api, sent(signed()), SSG_PURGE_SECRET=f"{SECRET}\n").statuses == [202]


def test_the_longest_list_is_purged(function: Path, api: FakeHost) -> None:
    tags = [f"{number:0128d}" for number in range(MAX_TAGS)]
    body = json.dumps({"tags": tags}, separators=(",", ":")).encode()
    assert call(function, api, sent(signed(body))).statuses == [202]
    assert api.received[0].json["cache_tags"] == tags


def test_another_method_is_refused(function: Path, api: FakeHost) -> None:
    done = call(function, api, {"method": "GET"}, {**sent(signed()), "method": "PUT"})
    assert done.statuses == [405, 405]
    assert done.answers[0]["headers"]["allow"] == "POST"
    assert api.received == []


def test_a_busy_api_is_told_to_the_client_which_signs_anew(function: Path, api: FakeHost) -> None:
    api.will_answer(429, Retry_After="7")
    api.will_answer(429, 500, 403, 302)
    done = call(function, api, *(sent(signed()) for _ in range(6)))
    assert done.statuses == [429, 429, 502, 502, 502, 202]
    assert done.answers[0]["headers"]["retry-after"] == "7"
    assert "retry-after" not in done.answers[1]["headers"]
    assert done.answers[3]["body"] == {"error": "the API answered 403"}
    assert len(api.received) == 6


def test_an_api_that_is_not_there_is_an_error(function: Path) -> None:
    done = call(function, None, sent(signed()), NETLIFY_API_URL="http://127.0.0.1:9")
    assert done.statuses == [502]
    assert done.answers[0]["body"] == {"error": "the API answered nothing"}


@pytest.mark.parametrize(
    "variables",
    [
        {"NETLIFY_PURGE_API_TOKEN": ""},
        {"SITE_ID": ""},
        {"NETLIFY_API_URL": "http://example.org"},
        {"NETLIFY_API_URL": "nonsense"},
    ],
)
def test_a_token_is_needed_and_sent_to_safe_addresses_only(
    function: Path, api: FakeHost, variables: Mapping[str, str]
) -> None:
    assert call(function, api, sent(signed()), **variables).statuses == [501]
    assert api.received == []


def test_nothing_secret_is_told_or_logged(function: Path, api: FakeHost) -> None:
    api.will_answer(403)
    done = call(function, api, sent(signed()), sent(signed(secret=SECRET[::-1])), sent(signed()))
    assert done.statuses == [502, 401, 202]
    for secret in (SECRET, TOKEN, "site-1", "nfp_secret"):
        assert secret not in done.output


@pytest.mark.parametrize(("kind", "is_there"), [("function", True), ("builder", False)])
def test_a_build_emits_it_where_responses_have_tags(
    tmp_path: Path, kind: str, is_there: bool
) -> None:
    target = f'[target]\nname = "netlify"\nkind = "{kind}"\n'
    toml = f'theme = ""\n{target}[[deferred.rules]]\nmatch = "**"\n'
    write(tmp_path, {**BARE, "ssg.toml": toml, "content/a.md": "Text.\n"})
    project = read_project(tmp_path)
    build(project, Layout.of(project), build_options(project), Silent())
    folder = tmp_path / FUNCTIONS_FOLDER / NAME
    assert folder.is_dir() == is_there
    if is_there:
        names = {file.name for file in folder.iterdir()}
        assert names == {f"{NAME}.mjs", f"{NAME}.json", "signed_request.mjs", "cache_tag.mjs"}
        settings = json.loads((folder / f"{NAME}.json").read_text())
        assert settings["config"]["includedFiles"] == [f"{FUNCTIONS_FOLDER}/{NAME}/**"]


@pytest.mark.netlify
@pytest.mark.xdist_group("netlify")
def test_netlifys_own_bundle_purges_with_the_token_of_the_request(
    tmp_path: Path, api: FakeHost
) -> None:
    site, unpacked = tmp_path / "site", tmp_path / "unpacked"
    folder = site / FUNCTIONS_FOLDER / NAME
    folder.mkdir(parents=True)
    write_purge_function(folder, NAME)
    (site / "public").mkdir()
    (site / "netlify.toml").write_text('[build]\npublish = "public"\ncommand = "true"\n')
    netlify_build(site)
    (deployed,) = json.loads((site / ".netlify/functions/manifest.json").read_text())["functions"]
    assert [(route["literal"], route["methods"]) for route in deployed["routes"]] == [
        ("/_ssg/purge", ["POST"])
    ]
    with zipfile.ZipFile(site / f".netlify/functions/{NAME}.zip") as bundle:
        bundle.extractall(unpacked)
    done = subprocess.run(
        ["node", CALLER.with_name("call_deployed_purge.mjs"), unpacked, "token-of-request"],
        input=json.dumps(sent(signed())), capture_output=True, text=True, timeout=60,
        env={
            "PATH": os.environ["PATH"], "SSG_PURGE_SECRET": SECRET, "SITE_ID": "site-1",
            "NETLIFY_API_URL": api.url,
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stderr.splitlines()[-1])
    assert answer == {"status": 202, "body": {"purged": 2}}
    assert api.received[0].headers["authorization"] == "Bearer token-of-request"


@pytest.mark.netlify
@pytest.mark.xdist_group("netlify")
def test_netlify_dev_leads_to_the_function_and_gives_it_no_token(tmp_path: Path) -> None:
    site = tmp_path / "site"
    folder = site / FUNCTIONS_FOLDER / NAME
    folder.mkdir(parents=True)
    write_purge_function(folder, NAME)
    secret = f'[build.environment]\nSSG_PURGE_SECRET = "{SECRET}"\n'
    toml = f'[build]\npublish = "public"\ncommand = "true"\n{secret}'
    write(site, {"public/index.html": "", "netlify.toml": toml})

    def post(port: int, request: PurgeRequest) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {**request.headers, "Content-Type": "application/json"}
        with closing(connection):
            connection.request("POST", "/_ssg/purge", request.body, headers)
            return connection.getresponse().status

    with netlify_dev(site, "/") as port:
        deadline = time.monotonic() + 30
        while post(port, signed()) == 405 and time.monotonic() < deadline:
            time.sleep(0.2)  # the function is not loaded yet
        assert post(port, signed()) == 501
        assert post(port, signed(secret=SECRET[::-1])) == 401
        assert ask(port, "/_ssg/purge").status == 404


@contextmanager
def serving(function: Path, **variables: str) -> Iterator[str]:
    """The function behind a port; the address of its site."""
    process = subprocess.Popen(
        ["node", CALLER.with_name("serve_purge.mjs"), function],
        env={"PATH": os.environ["PATH"], "SSG_PURGE_SECRET": SECRET} | variables,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        yield f"http://127.0.0.1:{int(process.stderr.readline())}/"
    finally:
        process.kill()
        process.communicate()


def test_the_command_purges_by_the_function(function: Path, api: FakeHost) -> None:
    api.will_answer(429, Retry_After="0")
    variables = {"NETLIFY_PURGE_API_TOKEN": TOKEN, "SITE_ID": "site-1", "NETLIFY_API_URL": api.url}
    with serving(function, **variables) as url:
        purger = purger_for(url, {"SSG_PURGE_SECRET": SECRET})
        assert purger.purge(["a", "b"]).tags == ("a", "b")
        assert [received.json.get("cache_tags") for received in api.received] == [["a", "b"]] * 2
        wrong = purger_for(url, {"SSG_PURGE_SECRET": SECRET[::-1]})
        with pytest.raises(PurgeError, match=r"status 401\. SSG_PURGE_SECRET is not that"):
            wrong.purge_everything()
    with serving(function, SSG_PURGE_SECRET="") as url:
        hidden = purger_for(url, {"SSG_PURGE_SECRET": SECRET})
        with pytest.raises(PurgeError, match=r"status 404\. The site has no /_ssg/purge, or"):
            hidden.purge_everything()
