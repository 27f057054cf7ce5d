"""Emits what AWS needs: the function, the files for the bucket, the template and a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ssg.images.cards.keep_card_files import keep_card_files
from ssg.model.errors import Location, Problem
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import original_name
from ssg.model.live.route import Route
from ssg.model.page import Alias
from ssg.model.queries.site import Site
from ssg.redirects.matching.static_files import NOT_SERVED
from ssg.redirects.rule import RedirectRule
from ssg.render.views.card import design_of
from ssg.targets.aws_lambda.bucket import BucketFile, bucket_files
from ssg.targets.aws_lambda.capabilities import BODY_BYTES, LAMBDA, UNZIPPED_BYTES
from ssg.targets.aws_lambda.function_code import CodeParts, function_code
from ssg.targets.aws_lambda.function_files import BUCKET_LIST, CARD_FILES, FILES_FOLDER, ORIGINALS
from ssg.targets.aws_lambda.local_function import PythonFunction
from ssg.targets.aws_lambda.template import TEMPLATE, has_roles, template
from ssg.targets.aws_lambda.upload import ASSETS, UPLOAD, asset_folders, upload_script
from ssg.targets.aws_lambda.variables import site_variables
from ssg.targets.aws_lambda.viewer_function import viewer_function
from ssg.targets.aws_lambda.wheels import Machine
from ssg.targets.bundles.native.bundle import DATABASE, write_bundle
from ssg.targets.bundles.pyodide.link_or_copy import LinkOrCopy
from ssg.targets.native_target import NativeTarget
from ssg.targets.target import TAG_TABLES_PATH, EmitContext, EmitResult, HostRules

FUNCTION = "function"
_VARIANT_SUFFIXES = (".avif", ".webp", ".jpg", ".png")
"""No answer for a variant depends on the query."""
_OWN_PATH = f"{TAG_TABLES_PATH}x.bin"


class LambdaTarget(NativeTarget):
    """Needs pip if the function is for another machine than this."""

    name = "lambda"
    capabilities = LAMBDA
    new_site_files = (Path(__file__).parent / "new_site" / "samconfig.toml",)

    def routes(
        self,
        root: Path,
        aliases: Sequence[Alias],
        deferred_paths: Sequence[str],
        error_paths: Sequence[str] = (),
        live_routes: Sequence[Route] = (),
        images: ImageSettings | None = None,
    ) -> HostRules:
        made = super().routes(root, aliases, deferred_paths, error_paths, live_routes, images)
        return replace(made, warnings=(*made.warnings, *_never_matching(made.user)))

    def package(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        """Make the function, the files for the bucket, the template and the script."""
        rules, headers = emitted.routes.rules, emitted.routes.headers
        in_bucket = bucket_files(context.files, rules, headers)
        own_files = sorted(context.files - NOT_SERVED - {file.name for file in in_bucket})
        if problems := list(_too_large(context, own_files)):
            return replace(emitted, problems=(*emitted.problems, *problems))
        function = self._function(context, emitted, in_bucket, own_files)
        if problem := _function_too_large(function, function / ORIGINALS):
            return replace(emitted, problems=(*emitted.problems, problem))
        parts = [function, *self._texts(context, emitted, in_bucket)]
        return replace(emitted, folders=tuple((part, context.beside(part.name)) for part in parts))

    def local_function(
        self,
        hosts_dir: Path,  # noqa: ARG002 the protocol's
        publish_dir: Path,
        variables: Mapping[str, str] = {},
    ) -> PythonFunction | None:
        """The function beside the publish folder."""
        database = publish_dir.parent / FUNCTION / DATABASE
        return PythonFunction(database, variables) if database.exists() else None

    def function_images(self, site: Site) -> ImageSettings | None:
        """The same function also draws cards."""
        return site.settings.images if design_of(site) else super().function_images(site)

    @property
    def _machine(self) -> Machine:
        return Machine(self.settings.architecture, self.settings.python)

    def _function(
        self,
        context: EmitContext,
        emitted: EmitResult,
        in_bucket: Sequence[BucketFile],
        own_files: Sequence[str],
    ) -> Path:
        folder = context.work_dir / FUNCTION
        put = LinkOrCopy(folder, context.output.parent / FUNCTION)
        roles, settings = has_roles(emitted.routes.rules), context.site.settings
        parts = CodeParts.of(
            settings, has_roles=roles, has_images=emitted.image_function is not None
        )
        code = function_code(self._machine, parts)
        for file in sorted(code.rglob("*")):
            if file.is_file():
                put(file, file.relative_to(code).as_posix())
        _put_files(context, own_files, put, FILES_FOLDER)
        if emitted.image_function:
            _put_originals(context, put)
        _put_card_files(context, folder / CARD_FILES)
        write_bundle(folder, context.database, self.deploy_file(context, emitted))
        names = [file.name for file in in_bucket]
        (folder / BUCKET_LIST).write_text(json.dumps(names), "utf-8")
        return folder

    def _texts(
        self, context: EmitContext, emitted: EmitResult, in_bucket: Sequence[BucketFile]
    ) -> Iterator[Path]:
        """The files for the bucket, the template, and the script."""
        rules = emitted.routes.rules
        assets, work = context.work_dir / ASSETS, context.work_dir
        assets.mkdir()
        folders = asset_folders(in_bucket)
        for name, files in folders.items():
            put = LinkOrCopy(assets / name, context.output.parent / ASSETS / name)
            _put_files(context, [file.name for file in files], put)
        yield assets
        has_own = bool(bucket_files([_OWN_PATH[1:]], rules, ()))
        policies = {file.suffix: file.others for file in in_bucket}
        has_images = emitted.image_function is not None
        named = (*policies, *(_VARIANT_SUFFIXES if has_images else ()))
        code = viewer_function(rules, context.files, list(dict.fromkeys(named)))
        variables = site_variables(context.site.settings)
        text = template(
            self._machine,
            rules,
            policies,
            code,
            bucket_has_own=has_own,
            has_images=has_images,
            variables=variables,
        )
        (work / UPLOAD).write_text(upload_script(folders, has_own=has_own), "utf-8")
        yield work / UPLOAD
        (work / TEMPLATE.name).write_text(text, "utf-8")
        yield work / TEMPLATE.name


def _put_files(
    context: EmitContext, names: Sequence[str], put: LinkOrCopy, folder: str = ""
) -> None:
    for name in names:
        if file := context.file(name):
            put(file, f"{folder}/{name}" if folder else name)


def _put_originals(context: EmitContext, put: LinkOrCopy) -> None:
    """The originals of pictures whose variants the function may have to make."""
    for picture in context.site.pictures():
        if not picture.has_variants or picture.deferred is False:
            continue
        put(context.original(picture), f"{ORIGINALS}/{original_name(picture)}")


def _put_card_files(context: EmitContext, folder: Path) -> None:
    """The fonts of cards, which the function draws on request, if the site has cards."""
    if design := design_of(context.site):
        keep_card_files(design, context.root, folder)


def _never_matching(rules: Sequence[RedirectRule]) -> Iterator[Problem]:
    """CloudFront gives the function its own name as `Host`."""
    for rule in rules:
        if rule.origin:
            message = f"`{rule}`: a rule for one host never matches with the target lambda"
            yield Problem(message, rule.where, "Redirect the host in front of CloudFront")


def _too_large(context: EmitContext, names: Sequence[str]) -> Iterator[Problem]:
    for name in names:
        file = context.file(name)
        if file and (size := file.stat().st_size) > BODY_BYTES:
            message = f"the file has {size:,} bytes; the function sends {BODY_BYTES:,} at most"
            hint = (
                "The bucket can send it under a plain name with a suffix such as .zip, without "
                "rules or headers that only the function can follow"
            )
            yield Problem(message, Location(name), hint)


def _function_too_large(folder: Path, originals: Path) -> Problem | None:
    size, pictures = _size_of(folder), _size_of(originals)
    if size <= UNZIPPED_BYTES:
        return None
    message = f"the function has {size:,} bytes; Lambda takes {UNZIPPED_BYTES:,} at most"
    if 2 * pictures < size:
        return Problem(message, hint="Defer more pages, or use the target server")
    message += f"; {pictures:,} bytes are originals of pictures with deferred variants"
    hint = "Let the build make variants of more pictures: [[deferred.rules]] with deferred = false"
    return Problem(message, hint=hint)


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
