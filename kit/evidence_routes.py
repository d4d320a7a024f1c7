"""Evidence files 佐证材料 over HTTP: uploaded as raw bytes, given to who may see a record that carries them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Final
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import Field
from starlette.responses import Response

from contracts.vocabulary import CallerRole
from kit import evidence
from kit.callers import Caller
from kit.clock import Clock, today
from kit.commands import Body, allow
from kit.database import Connection, Database
from kit.evidence import Uploaded, Use
from kit.evidence_types import TAKEN, EvidenceType, is_of, type_named
from kit.http_api import PROBLEMS, TheCaller
from kit.mandates import refuse_beyond_mandate
from kit.problems import FORBIDDEN, INVALID, NOT_FOUND, TOO_LARGE, UNSUPPORTED_TYPE, Problem
from kit.sealing import Sealer

UPLOADERS: Final = frozenset(CallerRole) - {CallerRole.READER}
"""Who may upload: whoever may do anything at all; what it may be attached to stands with the command."""
LONGEST_NAME: Final = 200
_DIGEST: Final = 64
_CONTROLS: Final = dict.fromkeys((*range(0x20), 0x7F, *range(0xD800, 0xE000)))

MaySee = Callable[[Connection, Caller, str], Awaitable[bool]]
"""Tells whether a caller may see the record of an id."""

Name = Annotated[
    str | None,
    Header(alias="File-Name", description="Name of the file, percent-encoded UTF-8 文件名（百分号编码）; kept sealed."),
]


class UploadedNow(Body):
    """A file that was uploaded."""

    evidence_id: Annotated[UUID, Field(description="Its id, to be given as one of `evidenceIds` 材料编号.")]
    sha256: Annotated[str, Field(min_length=_DIGEST, max_length=_DIGEST, description="Of its content, hexadecimal.")]
    media_type: str
    size: Annotated[int, Field(description="Bytes.")]


class EvidenceRoutes:
    """The routes under `/evidence`.

    Args:
        database: the service's.
        sealer: seals files and their names; scans show people.
        clock: tells now.
        most_bytes: of a file.
        may_see: of each kind of record that carries files, by its topic: whether a caller may see one.
    """

    def __init__(
        self, database: Database, sealer: Sealer, clock: Clock, most_bytes: int, may_see: Mapping[str, MaySee]
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._most_bytes = most_bytes
        self._may_see = may_see

    def router(self) -> APIRouter:
        """Return the routes."""
        refused: dict[int | str, dict[str, object]] = {
            413: {"description": "too-large 文件过大"},
            415: {"description": "unsupported-type 不支持的文件类型"},
        }
        routes = APIRouter(prefix="/evidence", tags=["evidence 佐证材料"], responses={**PROBLEMS, **refused})
        body = {"content": {one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in EvidenceType}}
        routes.add_api_route(
            "",
            self.upload,
            methods=["POST"],
            status_code=201,
            response_model=UploadedNow,
            summary="Upload a file, as raw bytes 上传佐证材料",
            openapi_extra={"requestBody": {"required": True, **body}},
        )
        routes.add_api_route("/{evidence_id}", self.download, summary="A file 下载佐证材料", response_class=Response)
        return routes

    async def upload(self, request: Request, response: Response, caller: TheCaller, name: Name = None) -> UploadedNow:
        """Keep a file; the same bytes by the same caller are one file, and answer 200.

        Raises:
            Problem: `forbidden`, `invalid` without a name, `too-large`, or `unsupported-type`.
        """
        allow(caller, UPLOADERS, caller.division_code)
        type_ = _type(request.headers.get("content-type", ""))
        called = _name(name)
        async with self._database.transaction() as transaction:
            await refuse_beyond_mandate(transaction.connection, caller, today(self._clock))
        content = await self._content(request)
        if not await asyncio.to_thread(is_of, type_, content):
            raise Problem(
                UNSUPPORTED_TYPE,
                f"The content is no {type_.short}, though Content-Type says so. Taken are: {TAKEN}.",
                f"文件内容不是{type_.short}，与 Content-Type 不符。可上传：{TAKEN}。",
            )
        sealed = await asyncio.to_thread(evidence.seal, self._sealer, Uploaded(called, type_, content))
        async with self._database.transaction() as transaction:
            evidence_id, is_new = await evidence.keep(transaction.connection, caller.subject, sealed, self._clock.now())
        response.status_code = 201 if is_new else 200
        return UploadedNow(
            evidence_id=evidence_id, sha256=sealed.digest.hex(), media_type=type_.media_type, size=len(content)
        )

    async def download(self, caller: TheCaller, evidence_id: UUID) -> Response:
        """Give a file to who uploaded it, or may see a record that carries it; that it was given is noted first.

        Raises:
            Problem: `not-found`, or `forbidden`.
        """
        async with self._database.transaction() as transaction:
            connection = transaction.connection
            await refuse_beyond_mandate(connection, caller, today(self._clock))
            stored = await evidence.find(connection, evidence_id)
            if stored is None:
                raise _gone()
            use = await self._visible_use(connection, caller, evidence_id)
            if use is None and stored.uploaded_by != caller.subject:
                raise Problem(
                    FORBIDDEN,
                    "You may see no record that carries this file.",
                    "您无权查看载有该材料的记录。",
                )
            await evidence.looked(connection, evidence_id, caller.subject, caller.role.value, use, self._clock.now())
            found = await evidence.opened(connection, self._sealer, evidence_id)
        if found is None:
            raise _gone()
        name, content = found
        return Response(
            content,
            media_type=stored.media_type,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    async def _visible_use(self, connection: Connection, caller: Caller, evidence_id: UUID) -> Use | None:
        for use in await evidence.uses(connection, evidence_id):
            may_see = self._may_see.get(use.aggregate)
            if may_see is not None and await may_see(connection, caller, use.aggregate_id):
                return use
        return None

    async def _content(self, request: Request) -> bytes:
        """Return the body, read no further than a file may be long."""
        said = request.headers.get("content-length", "")
        if said.isdigit() and int(said) > self._most_bytes:
            raise self._too_large()
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > self._most_bytes:
                raise self._too_large()
        return bytes(content)

    def _too_large(self) -> Problem:
        return Problem(
            TOO_LARGE,
            f"A file has {self._most_bytes} bytes at the most. Make it smaller, or split it.",
            f"单个文件不超过{self._most_bytes}字节，请压缩或拆分后上传。",
        )


def _gone() -> Problem:
    return Problem(NOT_FOUND, "There is no such file.", "没有该材料。")


def _type(media_type: str) -> EvidenceType:
    found = type_named(media_type)
    if found is None:
        raise Problem(
            UNSUPPORTED_TYPE,
            f"Content-Type names no type of file that is taken. Taken are: {TAKEN}.",
            f"Content-Type 不是可上传的文件类型。可上传：{TAKEN}。",
        )
    return found


def _name(given: str | None) -> str:
    name = unquote(given or "", errors="replace").translate(_CONTROLS).strip()
    if not name or len(name) > LONGEST_NAME:
        raise Problem(
            INVALID,
            f"The header File-Name is needed: the name in percent-encoded UTF-8, of 1 to {LONGEST_NAME} characters.",
            f"缺少请求头 File-Name：请以百分号编码（UTF-8）填写文件名，1至{LONGEST_NAME}个字符。",
        )
    return name
