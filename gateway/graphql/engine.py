"""Answers requests: compiled to one statement where it goes, else resolved in Strawberry through the same reader."""

from dataclasses import dataclass, field
from inspect import isawaitable
from time import perf_counter

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType, execute

from gateway.commands import Commands
from gateway.graphql.calls import Call
from gateway.graphql.documents import Documents, Request
from gateway.graphql.errors import Code, QueryError, RequestError, http_status, is_of_server, masking, shown
from gateway.graphql.limits import Budget
from gateway.graphql.reader import Reader
from gateway.graphql.schema import Graph
from gateway.graphql.scope import Scope
from gateway.graphql.statements import NotCompiledError
from gateway.graphql.telemetry import UNREADABLE, count, note, operation_span
from kit import metrics


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks.

    Attributes:
        query: The document.
        operation_name: Which of its operations; needed where it has several.
        variables: By name, as JSON has them.
        only_queries: Whether the way it is asked allows queries alone.
        authorization: The caller's own header; the owners of commands check it.
        traceparent: The caller's trace, where they give one.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, object] = field(default_factory=dict)
    only_queries: bool = False
    authorization: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request.

    Attributes:
        body: JSON.
        errors: The errors in it.
        has_data: Whether it has data, be it null: then it was executed.
    """

    body: bytes
    errors: tuple[GraphQLError, ...] = ()
    has_data: bool = True

    @property
    def status(self) -> int:
        """The HTTP status that says the same (GraphQL over HTTP, `application/graphql-response+json`)."""
        return 200 if self.has_data else http_status(self.errors)


class Engine:
    """Answers the requests of one graph."""

    def __init__(self, graph: Graph, reader: Reader, commands: Commands | None = None) -> None:
        self._graph = graph
        self._reader = reader
        self._commands = commands
        self._documents = Documents(graph.schema)

    async def answer(self, asked: Asked, scope: Scope) -> Answer:
        """Answer a request. It never raises: what goes wrong is in the answer."""
        begun = perf_counter()
        try:
            request = self.request(asked)
        except RequestError as error:
            return counted(UNREADABLE, refusal(*error.errors), perf_counter() - begun)
        except Exception as error:  # noqa: BLE001 - as below
            return counted(UNREADABLE, refusal(masking(error)), perf_counter() - begun)
        with operation_span(request, asked.traceparent) as span:
            try:
                answer = await self._compiled(request, scope) or await self.resolved(
                    request, scope, asked.authorization
                )
            except RequestError as error:
                answer = refusal(*error.errors)
            except Exception as error:  # noqa: BLE001 - the border: what the server did wrong is logged and masked
                answer = refusal(masking(error))
            note(span, answer.errors)
        return counted(request.operation.operation.value, answer, perf_counter() - begun)

    def request(self, asked: Asked) -> Request:
        """Return the valid request that is asked.

        Raises:
            RequestError: it is too large, not GraphQL, not valid against the schema, or may not be asked this way.
        """
        document = self._documents.document(asked.query)
        request = self._documents.request(document, asked.operation_name, asked.variables)
        if asked.only_queries and request.operation.operation is not OperationType.QUERY:
            raise RequestError(
                [QueryError(Code.METHOD, "GET is for queries only: use POST.", "GET 只用于查询，请改用 POST。")]
            )
        return request

    async def resolved(self, request: Request, scope: Scope, authorization: str | None = None) -> Answer:
        """Answer in Strawberry: introspection, what is not declared, and errors that belong to a place in the answer.

        Raises:
            RequestError: the request costs too much.
        """
        result = execute(
            self._graph.schema,
            request.document.node,
            context_value=Call(self._reader, request, scope, self._commands, authorization),
            variable_values=request.raw_variables,
            operation_name=request.operation_name or None,
        )
        done: ExecutionResult = await result if isawaitable(result) else result
        for error in done.errors or ():
            if isinstance(error.original_error, RequestError):
                raise error.original_error
        errors = tuple(shown(error) for error in done.errors or ())
        broken = [error for error in errors if is_of_server(error)]
        if broken and request.operation.operation is OperationType.QUERY:
            return refusal(*broken)  # a mutation's answer must still say which of its fields were done
        body: dict[str, object] = {"data": done.data}
        if errors:
            body["errors"] = [error.formatted for error in errors]
        return Answer(orjson.dumps(body), errors)

    async def _compiled(self, request: Request, scope: Scope) -> Answer | None:
        """Answer by one statement; None where it does not compile, or an error needs its place in the answer."""
        if request.operation.operation is not OperationType.QUERY:
            return None  # a command needs no read model to be given
        try:
            data = await self._reader.read(request, scope, Budget())
        except (NotCompiledError, GraphQLError):
            return None
        return Answer(b'{"data":' + data.encode() + b"}")


def counted(kind: str, answer: Answer, seconds: float) -> Answer:
    """Return an answer, counted and timed."""
    count(kind, answer.errors)
    metrics.GRAPH_SECONDS.labels(kind).observe(seconds)
    return answer


def refusal(*errors: GraphQLError) -> Answer:
    """Return the answer to a request of which nothing was executed."""
    return Answer(orjson.dumps({"errors": [error.formatted for error in errors]}), errors, has_data=False)
