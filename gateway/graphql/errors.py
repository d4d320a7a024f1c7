"""What can go wrong with a request, in words for its sender: a code, English, Chinese."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final
from uuid import uuid4

import asyncpg
from graphql import GraphQLError, GraphQLSyntaxError
from opentelemetry import trace

from gateway.read_model import NoReadModelError
from kit.database import Failure, failure_of
from kit.log import logger

_log = logger(__name__)


class Code(StrEnum):
    """The `extensions.code` of an error."""

    BAD_REQUEST = "BAD_REQUEST"
    """The HTTP request is not one of GraphQL over HTTP."""
    SYNTAX = "GRAPHQL_PARSE_FAILED"
    VALIDATION = "GRAPHQL_VALIDATION_FAILED"
    OPERATION = "OPERATION_RESOLUTION_FAILED"
    """No operation, or more than one, is meant by `operationName`."""
    INPUT = "BAD_USER_INPUT"
    """An argument or a variable has a value that can't be used."""
    METHOD = "METHOD_NOT_ALLOWED"
    """The operation may not be asked by this HTTP method."""
    CURSOR = "BAD_CURSOR"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """No token, or one that doesn't hold."""
    TOO_LARGE = "QUERY_TOO_LARGE"
    """A limit on length, depth, fields or cost is passed."""
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL = "INTERNAL_SERVER_ERROR"


class QueryError(GraphQLError):
    """An error whose cause is the request: shown to its sender as it is."""

    def __init__(self, code: Code, message: str, message_zh: str) -> None:
        super().__init__(message, extensions={"code": code.value, "messageZh": message_zh})


class RequestError(Exception):
    """A request that nothing can be executed of: its answer has errors and no data."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = tuple(errors)


_MAY_NAME: Final = re.compile(r"[^\x00-\x7f]+|[0-9](?:[ -]?[0-9]){5,}[Xx]?")
"""Letters that no name of the graph has, and numbers as long as a telephone's."""


def nameless(text: str) -> str:
    """Return what a sender wrote without what may name a person: an error's text is logged and sent on."""
    return _MAY_NAME.sub("…", text)


_SERVER_CODES: Final = frozenset({Code.TIMEOUT, Code.UNAVAILABLE, Code.INTERNAL})


def coded(error: GraphQLError, code: Code) -> GraphQLError:
    """Give an error of graphql-core its code and a Chinese message, and take from it what may name a person."""
    if "code" in (error.extensions or {}):
        return error
    error.message = nameless(error.message)
    where = "".join(f"（第{place.line}行第{place.column}列）" for place in (error.locations or ())[:1])
    what = {
        Code.SYNTAX: "查询语法有误",
        Code.VALIDATION: "查询不符合接口定义",
        Code.INPUT: "参数或变量的值有误",
    }.get(code, "请求无法执行")
    error.extensions = {"code": code.value, "messageZh": f"{what}{where}：{error.message}"}
    return error


def shown(error: GraphQLError) -> GraphQLError:
    """Return the error as its sender may see it: what the server did wrong is logged, and masked.

    Errors of the request itself (a `GraphQLError`, raised by the library or as a `QueryError`) pass.
    """
    cause = error.original_error
    if isinstance(error, GraphQLSyntaxError):
        return coded(error, Code.SYNTAX)
    if cause is None or isinstance(cause, GraphQLError):
        return coded(error, Code.INPUT)
    masked = masking(cause)
    return GraphQLError(masked.message, error.nodes, path=error.path, extensions=masked.extensions)


def masking(cause: BaseException) -> GraphQLError:
    """Log an error of the server under a request id, and return what its sender may know: the kind and the id."""
    span = trace.get_current_span().get_span_context()
    request_id = trace.format_trace_id(span.trace_id) if span.is_valid else uuid4().hex
    code, message, message_zh = _kind(cause)
    _log.error("graph_request_failed", request_id=request_id, code=code.value, exc_info=cause)
    return GraphQLError(
        f"{message} (request id {request_id})",
        extensions={
            "code": code.value,
            "messageZh": f"{message_zh}（请求编号 {request_id}）",
            "requestId": request_id,
        },
    )


def _kind(cause: BaseException) -> tuple[Code, str, str]:
    if isinstance(cause, asyncpg.QueryCanceledError):
        return Code.TIMEOUT, "The query took too long: ask for less.", "查询超时，请缩小范围后重试。"
    if isinstance(cause, NoReadModelError) or failure_of(cause) is Failure.RETRY:
        return Code.UNAVAILABLE, "The data can't be read right now: try again.", "数据暂时无法读取，请稍后重试。"
    return Code.INTERNAL, "The server failed.", "服务器内部错误。"


def http_status(errors: Iterable[GraphQLError]) -> int:
    """Return the HTTP status of an answer that has errors and no data."""
    codes = {(error.extensions or {}).get("code") for error in errors}
    if Code.UNAVAILABLE in codes:
        return 503
    if Code.UNAUTHENTICATED in codes:
        return 401
    if Code.TIMEOUT in codes:
        return 504
    if Code.METHOD in codes:
        return 405
    return 500 if Code.INTERNAL in codes else 400


def is_of_server(error: GraphQLError) -> bool:
    """Tell whether the server, and not the request, is the cause."""
    return (error.extensions or {}).get("code") in _SERVER_CODES
