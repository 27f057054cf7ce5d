"""AWS's own emulator of Lambda, and what CloudFront does before it, as far as a build decides it.

`make test` installs the emulator of the wheel `aws-sam-cli` and AWS's runtime for Python into
`tests/e2e/aws/`. Tests with the mark `lambda` are skipped without them. Nothing here is a cache.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

REPOSITORY = Path(__file__).parents[1]
TOOLS = REPOSITORY / "tests" / "e2e" / "aws" / "bin"
EMULATOR = TOOLS / "aws-lambda-rie"
PYTHON = "{}.{}".format(*sys.version_info)
"""The function runs with the Python that made the tools, which is that of the tests."""
ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
HANDLER = "ssg.targets.aws_lambda.handler.handle"
START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class LambdaAnswer:
    """What the function, or the bucket, has answered. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def event(
    path: str, method: str = "GET", headers: Mapping[str, str] = {}, cookies: Sequence[str] = ()
) -> dict[str, Any]:
    """A request of a function URL (payload format 2.0)."""
    raw_path, _, query = path.partition("?")
    sent = {name.lower(): value for name, value in headers.items()}
    http = {"method": method, "path": raw_path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
    made = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": query,
        "headers": {"host": "abc.lambda-url.us-east-1.on.aws", **sent},
        "requestContext": {"http": {**http, "userAgent": "test"}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    return {**made, "cookies": list(cookies)} if cookies else made


def answer_of(payload: Mapping[str, Any]) -> LambdaAnswer:
    """The answer that Lambda makes of what a handler returns."""
    assert payload.get("isBase64Encoded") is True, payload
    body = base64.b64decode(payload["body"], validate=True)
    return LambdaAnswer(payload["statusCode"], payload["headers"], body)


@dataclass
class Emulator:
    """The function in a folder, which answers one event at a time, as Lambda does."""

    function: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: int = 10
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _port: int = 0

    def __enter__(self) -> Emulator:
        self._port = free_port()
        command = [str(EMULATOR), "--log-level", "warn"]
        command += ["--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"]
        command += ["--runtime-api-address", f"127.0.0.1:{free_port()}"]
        command += [str(TOOLS / "python"), "-m", "awslambdaric", HANDLER]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LAMBDA_TASK_ROOT": str(self.function),
            "PYTHONPATH": str(self.function),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.timeout_seconds),
            "PYTHONDONTWRITEBYTECODE": "1",  # the folder of a function is read-only
            **self.environment,
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=self.function, env=environment, stdout=log, stderr=log
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def said(self) -> str:
        """What emulator and function have written."""
        return self.log.read_text("utf-8", "replace")

    def invoke(self, sent: Mapping[str, Any]) -> Any:
        """What the function returns for an event."""
        return json.loads(self.invoke_raw(sent))

    def invoke_raw(self, sent: Mapping[str, Any]) -> bytes:
        """What the emulator answers for an event: something else if the function is ended."""
        url = f"http://127.0.0.1:{self._port}/2015-03-31/functions/function/invocations"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(url, json.dumps(sent).encode(), timeout=60) as response:
                    return bytes(response.read())
            except (ConnectionError, urllib.error.URLError):
                assert time.monotonic() < deadline, self.said
                time.sleep(0.05)

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] = {},
        cookies: Sequence[str] = (),
    ) -> LambdaAnswer:
        """The answer to a request."""
        return answer_of(self.invoke(event(path, method, headers, cookies)))


AWS = """#!/bin/sh
# Stands for the program aws: puts files into a folder, each with its metadata beside it.
exec {python} -P {program} "$@"
"""


class Bucket:
    """What `upload.sh` puts into the bucket, with a program `aws` that writes to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def upload(self, dist: Path) -> None:
        """Run the script of a build."""
        tools = self._folder / "bin"
        tools.mkdir(parents=True, exist_ok=True)
        program = tools / "aws"
        program.write_text(AWS.format(python=sys.executable, program=__file__))
        program.chmod(0o755)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": path, "BUCKET": str(self._folder), "PYTHONPATH": str(REPOSITORY)}
        command = ["sh", str(dist / "upload.sh"), "the-bucket"]
        subprocess.run(command, env=environment, check=True, timeout=60)

    def object(self, key: str) -> LambdaAnswer | None:
        """An object as CloudFront gets it; None if there is none."""
        found = self.objects.get(key)
        if found is None:
            return None
        headers = {name: str(value) for name, value in found.items() if name != "file"}
        return LambdaAnswer(200, headers, Path(str(found["file"])).read_bytes())

    @property
    def objects(self) -> dict[str, dict[str, str]]:
        """All objects by key, each with its headers and the file with its content."""
        list_of_objects = self._folder / "objects.json"
        return json.loads(list_of_objects.read_text()) if list_of_objects.exists() else {}


def behaviors(dist: Path) -> list[dict[str, Any]]:
    """The behaviours of the template beside the default one."""
    text = (dist / "template.yaml").read_text()
    found = re.search(r"^ +CacheBehaviors: (\[.*\])$", text, re.M)
    assert found
    return list(json.loads(found[1]))


def asks_bucket(dist: Path, path: str) -> bool:
    """Whether CloudFront asks the bucket first for a path."""
    plain = path.partition("?")[0]
    patterns = [one["PathPattern"].split("*") for one in behaviors(dist)]
    return any(plain.startswith(begin) and plain.endswith(end) for begin, end in patterns)


@contextmanager
def lambda_site(dist: Path, work: Path, **settings: Any) -> Iterator[tuple[Emulator, Bucket]]:
    """A build with its function running, and its files in a bucket."""
    work.mkdir(exist_ok=True)
    bucket = Bucket(work / "bucket")
    bucket.upload(dist)
    with Emulator(dist / "function", work / "log", **settings) as emulator:
        yield emulator, bucket


def skip_without_emulator(item: pytest.Item) -> None:
    """Skip a test with the mark of the emulator if that is not installed."""
    if item.get_closest_marker("lambda") and not EMULATOR.exists():
        pytest.skip("AWS's emulator of Lambda is not installed; `make test` installs it")


def _aws(arguments: Sequence[str]) -> None:
    """`aws s3 sync FOLDER s3://BUCKET/KEY` and `aws s3 cp FILE s3://BUCKET/KEY`, with headers."""
    command, source, place = arguments[1:4]
    options = dict(zip(arguments[4::2], arguments[5::2], strict=False))
    assert arguments[0] == "s3" and place.startswith("s3://the-bucket"), arguments
    key = place.removeprefix("s3://the-bucket").strip("/")
    files = [Path(source)] if command == "cp" else sorted(Path(source).rglob("*"))
    bucket = Bucket(Path(os.environ["BUCKET"]))
    objects = bucket.objects
    for file in filter(Path.is_file, files):
        name = "" if command == "cp" else file.relative_to(source).as_posix()
        objects["/".join(filter(None, [key, name]))] = {
            "file": str(file.resolve()),
            "content-type": options["--content-type"],
            "cache-control": options["--cache-control"],
        }
    Path(os.environ["BUCKET"], "objects.json").write_text(json.dumps(objects))


if __name__ == "__main__":
    _aws(sys.argv[1:])
