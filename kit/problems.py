"""Refusals as RFC 9457 problem details, in English and Chinese: what is wrong, where, and the way out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:lianhe:problem:"

Extension = str | int | bool | None | Sequence[Mapping[str, str | int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem, the same wherever it occurs.

    Attributes:
        name: ends the problem's type, `urn:lianhe:problem:<name>`.
        status: HTTP status.
        title: what it is, in English.
        title_zh: the same in Chinese.
    """

    name: str
    status: HTTPStatus
    title: str
    title_zh: str


INVALID: Final = Kind("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, "The request can't be used", "请求内容无效")
UNAUTHENTICATED: Final = Kind("unauthenticated", HTTPStatus.UNAUTHORIZED, "It is not known who asks", "身份未认证")
FORBIDDEN: Final = Kind("forbidden", HTTPStatus.FORBIDDEN, "The caller may not do this", "无权执行此操作")
NOT_FOUND: Final = Kind("not-found", HTTPStatus.NOT_FOUND, "There is no such thing", "对象不存在")
CONFLICT: Final = Kind("conflict", HTTPStatus.CONFLICT, "It contradicts what is there", "与现有数据冲突")
VERSION_CONFLICT: Final = Kind(
    "version-conflict", HTTPStatus.CONFLICT, "Somebody else changed it meanwhile", "数据已被他人更新"
)
ILLEGAL_STEP: Final = Kind(
    "illegal-step", HTTPStatus.CONFLICT, "This step can't be taken now", "当前状态不能办理此步骤"
)
TOO_LARGE: Final = Kind("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The file is too large", "文件过大")
UNSUPPORTED_TYPE: Final = Kind(
    "unsupported-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Files of this type are not taken", "不支持的文件类型"
)
KEY_REUSED: Final = Kind(
    "idempotency-key-reused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The idempotency key was used for another command",
    "幂等键已用于其他命令",
)
UNAVAILABLE: Final = Kind("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment", "服务暂不可用")
FAILED: Final = Kind("failed", HTTPStatus.INTERNAL_SERVER_ERROR, "The service failed", "服务内部错误")


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A refusal, raised wherever it is found and answered as it is.

    Args:
        kind: which problem it is.
        detail: this occurrence, with the way out; no personal data.
        detail_zh: the same in Chinese.
        extensions: further members of the answer, as `currentVersion`.
    """

    def __init__(
        self, kind: Kind, detail: str, detail_zh: str, extensions: Mapping[str, Extension] | None = None
    ) -> None:
        super().__init__(f"{kind.name}: {detail}")
        self.kind: Final = kind
        self.detail: Final = detail
        self.detail_zh: Final = detail_zh
        self.extensions: Final = extensions or {}

    def body(self) -> bytes:
        """Return the answer's body."""
        return orjson.dumps(
            {
                "type": _TYPE + self.kind.name,
                "title": self.kind.title,
                "titleZh": self.kind.title_zh,
                "status": int(self.kind.status),
                "detail": self.detail,
                "detailZh": self.detail_zh,
                **self.extensions,
            }
        )

    def response(self) -> Response:
        """Return the answer."""
        headers = {"WWW-Authenticate": "Bearer"} if self.kind is UNAUTHENTICATED else None
        return Response(self.body(), status_code=int(self.kind.status), media_type=MEDIA_TYPE, headers=headers)


async def answer(_request: Request, error: Exception) -> Response:
    """Answer a problem; registered with the application for `Problem`."""
    if not isinstance(error, Problem):
        raise TypeError("only problems are answered here") from error
    return error.response()
