"""Requests of GraphQL over HTTP, read from a body or a query string."""

from typing import Any, Final

import orjson
from starlette.requests import Request

from gateway.graphql.engine import Asked
from gateway.graphql.errors import Code, QueryError

MAX_BODY_BYTES: Final = 256 * 1024
"""A query of 64 KiB, and variables: 500 codes and names are far less than the rest."""


class BadRequestError(Exception):
    """An HTTP request that is none of GraphQL.

    Attributes:
        error: What its sender is told.
        status: The HTTP status.
    """

    def __init__(self, message: str, message_zh: str, status: int = 400) -> None:
        super().__init__(message)
        self.error = QueryError(Code.BAD_REQUEST, message, message_zh)
        self.status = status


async def posted(request: Request) -> Asked:
    """Read the request of a POST.

    Raises:
        BadRequestError: the body is too large, no JSON, or not as GraphQL over HTTP says.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BadRequestError(
            f"The body is {media_type or 'of no stated type'}: send Content-Type: application/json.",
            "请求体类型不支持，请使用 Content-Type: application/json。",
            415,
        )
    try:
        content = orjson.loads(await _body(request))
    except orjson.JSONDecodeError as error:
        raise BadRequestError(f"The body is no JSON: {error}.", f"请求体不是有效的 JSON：{error}。") from None
    if isinstance(content, list):
        raise BadRequestError(
            "Batches are not supported: send one request at a time, or several fields in one query.",
            "不支持批量请求，请逐个发送，或在一个查询中写多个字段。",
        )
    if not isinstance(content, dict):
        raise BadRequestError("The body is no JSON object.", "请求体应为 JSON 对象。")
    return _asked(content, only_queries=False)


def queried(request: Request) -> Asked:
    """Read the request of a GET from its query string.

    Raises:
        BadRequestError: it is not as GraphQL over HTTP says.
    """
    content: dict[str, Any] = {name: value for name, value in request.query_params.items() if value}
    for name in ("variables", "extensions"):
        if name in content:
            try:
                content[name] = orjson.loads(content[name])
            except orjson.JSONDecodeError as error:
                raise BadRequestError(f"{name} is no JSON: {error}.", f"{name} 不是有效的 JSON：{error}。") from None
    return _asked(content, only_queries=True)


def _asked(content: dict[str, Any], *, only_queries: bool) -> Asked:
    query = content.get("query")
    if not isinstance(query, str) or not query.strip():
        raise BadRequestError("There is no query: give it as a string.", "缺少 query，应为字符串。")
    operation_name = content.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise BadRequestError("operationName is no string.", "operationName 应为字符串。")
    for name in ("variables", "extensions"):
        if content.get(name) is not None and not isinstance(content[name], dict):
            raise BadRequestError(f"{name} is no JSON object.", f"{name} 应为 JSON 对象。")
    return Asked(query, operation_name, content.get("variables") or {}, only_queries)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BadRequestError(
                f"The body has more than {MAX_BODY_BYTES} bytes.", f"请求体超过{MAX_BODY_BYTES}字节。", 413
            )
    return bytes(body)
