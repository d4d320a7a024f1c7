"""The HTTP side of a service: FastAPI, with every refusal as a problem, and who asks as a dependency."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from kit.callers import Caller, Verifier
from kit.database import AWAY, Failure, failure_of
from kit.http_metrics import Measured
from kit.log import logger
from kit.problems import FAILED, INVALID, MEDIA_TYPE, NOT_FOUND, UNAVAILABLE, Kind, Problem, answer

_log = logger(__name__)

_BEARER: Final = Depends(HTTPBearer(auto_error=False, bearerFormat="JWT", description="`lianhe token` makes one."))

PROBLEMS: Final[dict[int | str, dict[str, object]]] = {
    status: {
        "description": meaning,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, meaning in (
        (401, "unauthenticated 身份未认证"),
        (403, "forbidden 无权操作"),
        (404, "not-found 对象不存在"),
        (409, "conflict, version-conflict, illegal-step 冲突"),
        (422, "invalid, idempotency-key-reused 请求无效"),
        (503, "unavailable 暂不可用"),
    )
}
# It would note what was sent, and a span for each look at health; a command has a span of its own.
_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_PROBLEM_SCHEMA: Final = {
    "type": "object",
    "description": "RFC 9457, in English and Chinese.",
    "required": ["type", "title", "titleZh", "status", "detail", "detailZh"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:lianhe:problem:version-conflict"]},
        "title": {"type": "string"},
        "titleZh": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detailZh": {"type": "string"},
        "currentVersion": {"type": "integer", "description": "With version-conflict."},
        "errors": {
            "type": "array",
            "description": "With invalid: each place and reason.",
            "items": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    },
}


def application(title: str, description: str, verifier: Verifier, routes: Sequence[BaseRoute]) -> FastAPI:
    """Return an application whose routes are added by the service; `/openapi.json` describes them.

    Args:
        title: the service's name.
        description: what it owns, a sentence in each language.
        verifier: finds out who asks.
        routes: such as take no caller: health and metrics.
    """
    app = _Application(
        title=title,
        description=description,
        version="1",
        docs_url=None,
        redoc_url=None,
        routes=list(routes),
        telemetry=_NO_TELEMETRY,
    )
    app.add_middleware(Measured)
    app.state.verifier = verifier
    app.add_exception_handler(Problem, answer)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _failed)
    for away in AWAY:
        app.add_exception_handler(away, _failed)
    return app


class _Application(FastAPI):
    def openapi(self) -> dict[str, object]:
        """Describe the routes, with the problem's schema among the components."""
        described = super().openapi()
        described.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
        return described


async def caller(request: Request, _shown: Annotated[object, _BEARER]) -> Caller:
    """Return who asks; a dependency of every route.

    Raises:
        Problem: `unauthenticated`.
    """
    verifier: Verifier = request.app.state.verifier
    return await verifier.caller(request.headers)


TheCaller = Annotated[Caller, Depends(caller)]


_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]{0,63}|\[key\]")

_REASONS: Final = {
    "model_attributes_type": "should be a JSON object, sent with Content-Type: application/json",
}
"""Where Pydantic's own words name nothing that the sender knows."""
_REASONS_ZH: Final = {
    "missing": "缺少该项",
    "extra_forbidden": "没有该字段",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "过长",
    "string_pattern_mismatch": "格式不符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "greater_than_equal": "数值过小",
    "decimal_parsing": "应为数字",
    "decimal_max_places": "小数位过多",
    "decimal_max_digits": "位数过多",
    "date_from_datetime_parsing": "应为日期 YYYY-MM-DD",
    "date_parsing": "应为日期 YYYY-MM-DD",
    "uuid_parsing": "应为编号（UUID）",
    "too_long": "条数过多",
    "too_short": "不能为空",
    "json_invalid": "不是有效的JSON",
    "model_attributes_type": "应为JSON对象，且请求头 Content-Type 为 application/json",
    "enum": "不是可用的取值",
}


async def _invalid(_request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    # the message names the rule; what was sent stays out of it
    errors = [
        {
            "pointer": "/" + "/".join(_part(part) for part in one["loc"][1:]),
            "reason": _REASONS.get(one["type"], one["msg"]),
            "reasonZh": _REASONS_ZH.get(one["type"], "不符合规则"),
        }
        for one in found
    ]
    places = ", ".join(one["pointer"] for one in errors)
    return Problem(
        INVALID, f"What was sent breaks the rules at: {places}.", f"以下位置不符合规则：{places}。", {"errors": errors}
    ).response()


def _part(part: str | int) -> str:
    """Return a part of a pointer; what a sender called a field, where that is no field's name, may name a person."""
    return str(part) if isinstance(part, int) or _FIELD.fullmatch(part) else "…"


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else FAILED.status
    if status == NOT_FOUND.status:
        return Problem(NOT_FOUND, "There is nothing at this address.", "该地址不存在。").response()
    if status == HTTPStatus.BAD_REQUEST:
        return Problem(INVALID, "The body is no JSON in UTF-8.", "请求正文不是UTF-8编码的JSON。").response()
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    kind = Kind("refused", HTTPStatus(status), "The request is refused", "请求被拒绝")
    return Problem(kind, detail, f"请求被拒绝：{detail}").response()


async def _failed(request: Request, error: Exception) -> Response:
    place = {"path": request.url.path, **getattr(request.state, "command", {})}
    if failure_of(error) is Failure.RETRY:
        _log.warning("command not taken", error=type(error).__name__, **place)
        return Problem(
            UNAVAILABLE,
            "The database is away, nothing was changed. Send the same again, with the same Idempotency-Key.",
            "数据库暂不可用，未作任何更改。请使用相同的幂等键重新发送。",
        ).response()
    if failure_of(error) is Failure.DATA:
        return Problem(
            INVALID,
            "Something that was sent can't be stored, as a NUL character in a text. Nothing was changed; correct it.",
            "提交的内容无法存储（如文本中含有空字符），未作任何更改。请更正后重新提交。",
        ).response()
    _log.exception("command failed", exc_info=error, **place)
    return Problem(
        FAILED,
        "The service failed, nothing was changed. Tell its operator.",
        "服务内部错误，未作任何更改。请联系运维人员。",
    ).response()
