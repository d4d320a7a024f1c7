"""The front doors: commands of the services over HTTP, each under a key of its own, and queries of the gateway."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from typing import Final, Self, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from kit.commands import Answer

AT_ONCE: Final = 8
"""Commands under way: more of them only wait for the same connections to the database."""
PATIENCE_SECONDS: Final = 120.0
_TICK_SECONDS: Final = 0.3
_TIMEOUT_SECONDS: Final = 60

T = TypeVar("T")
Shown = TypeVar("Shown", bound=BaseModel)


class LoadError(Exception):
    """What keeps a district from being loaded; the text says it and the way out, in English and Chinese."""


class Graph(BaseModel):
    """Base of what is read from an answer of the graph."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class _Refusal(BaseModel):
    type: str = ""
    detail: str = ""
    detailZh: str = ""  # noqa: N815 - as RFC 9457's extension is spelt there


class _Uploaded(BaseModel):
    evidenceId: UUID  # noqa: N815 - as the service spells it


class _Problem(BaseModel):
    message: str


class _GraphAnswer(BaseModel):
    data: dict[str, object] | None = None
    errors: tuple[_Problem, ...] = ()


_REFUSAL: Final = TypeAdapter(_Refusal)
_UPLOADED: Final = TypeAdapter(_Uploaded)


class Doors:
    """Clients of the services and of the gateway. A context manager.

    Args:
        addresses: of `registration`, `ledgers`, `pairing` and `gateway`.
        token: of a caller who may give almost every command in the district.
        department: token of 组织部, which alone sets quotas.
        keys: begins every idempotency key: the same for the same district, so that a command is never done twice.
        patience_seconds: how long what is away, or not yet heard of, is waited for.
        transport: instead of the network.
    """

    def __init__(
        self,
        addresses: Mapping[str, str],
        token: str,
        keys: str,
        *,
        department: str | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._keys = keys
        self._department = token if department is None else department
        self._patience = patience_seconds
        limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=2)  # a service closes what is idle for 5 s
        self._clients = {
            name: httpx.AsyncClient(
                base_url=address,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_TIMEOUT_SECONDS,
                limits=limits,
                transport=transport,
                trust_env=False,  # not by a proxy of the environment: it can't reach this loopback
            )
            for name, address in addresses.items()
        }

    async def __aenter__(self) -> Self:
        """Open."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every client."""
        async with AsyncExitStack() as stack:
            for client in self._clients.values():
                stack.push_async_callback(client.aclose)

    async def command(
        self,
        service: str,
        path: str,
        key: str,
        body: Mapping[str, object],
        *,
        method: str = "POST",
        as_department: bool = False,
    ) -> Answer:
        """Give a command, or learn what it did when it was given before.

        Args:
            service: whose it is.
            path: of the command.
            key: tells it from the district's other commands.
            body: with names as over HTTP.
            method: POST for what is new or a step, PUT for what is replaced.
            as_department: whether it is given by 组织部.

        Raises:
            LoadError: it is refused, or the service is away for too long.
        """
        sent = await self.send(service, path, key, body, method=method, as_department=as_department)
        return Answer.model_validate_json(sent)

    async def send(
        self,
        service: str,
        path: str,
        key: str,
        body: Mapping[str, object],
        *,
        method: str = "POST",
        as_department: bool = False,
    ) -> bytes:
        """Give a command; return the answer's body. As `command`."""
        headers = {"Idempotency-Key": quote(f"{self._keys} {key}"), "Content-Type": "application/json"}
        if as_department:
            headers["Authorization"] = f"Bearer {self._department}"
        content = orjson.dumps(body)

        async def post() -> httpx.Response:
            return await self._clients[service].request(method, path, content=content, headers=headers)

        answer = await self._patiently(post, service)
        if answer.is_success:
            return answer.content
        refusal = _refusal(answer)
        if refusal.type.endswith(":idempotency-key-reused"):
            raise LoadError(
                "another district was loaded here: of another seed, day or size. Name another place by --data-dir, "
                "or begin anew with `lianhe down --wipe`.\n"
                "此处已装入另一演示区（种子、日期或规模不同）。"
                "请用 --data-dir 指定其他目录，或先运行 `lianhe down --wipe`。"
            )
        raise LoadError(
            f"{service} refuses {path} ({key}): {answer.status_code} {refusal.detail}\n"
            f"{service}拒绝了该命令：{refusal.detailZh}"
        )

    async def upload(self, service: str, content: bytes, media_type: str, name: str) -> UUID:
        """Upload a file as evidence, and return its id; the same content again is the same file.

        Raises:
            LoadError: it is refused, or the service is away for too long.
        """
        headers = {"Content-Type": media_type, "File-Name": quote(name)}

        async def post() -> httpx.Response:
            return await self._clients[service].post("/evidence", content=content, headers=headers)

        answer = await self._patiently(post, service)
        if not answer.is_success:
            refusal = _refusal(answer)
            raise LoadError(f"{service} refuses a file: {refusal.detail}\n{service}拒绝该文件：{refusal.detailZh}")
        return _UPLOADED.validate_json(answer.content).evidenceId

    async def read(self, service: str, path: str, shown: type[Shown]) -> Shown:
        """Return what a service has at an address.

        Raises:
            LoadError: it is refused, or the service is away for too long.
        """

        async def get() -> httpx.Response:
            return await self._clients[service].get(path)

        answer = await self._patiently(get, service)
        if not answer.is_success:
            refusal = _refusal(answer)
            raise LoadError(f"{service} refuses {path}: {refusal.detail}\n{service}拒绝：{refusal.detailZh}")
        return shown.model_validate_json(answer.content)

    async def ask(self, query: str, shown: type[Shown], variables: Mapping[str, object] | None = None) -> Shown:
        """Ask the gateway.

        Args:
            query: GraphQL.
            shown: what its data is.
            variables: of the query.

        Raises:
            LoadError: it answers with errors, or is away for too long.
        """
        content = orjson.dumps({"query": query, "variables": variables or {}})

        async def post() -> httpx.Response:
            headers = {"Content-Type": "application/json"}
            return await self._clients["gateway"].post("/graphql", content=content, headers=headers)

        answer = await self._patiently(post, "gateway")
        told = _GraphAnswer.model_validate_json(answer.content) if answer.content else _GraphAnswer()
        if told.errors or told.data is None:
            message = told.errors[0].message if told.errors else f"status {answer.status_code}"
            raise LoadError(f"the graph answers: {message}\n图查询失败：{message}")
        return shown.model_validate(told.data)

    async def _patiently(self, send: Callable[[], Awaitable[httpx.Response]], service: str) -> httpx.Response:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        while True:
            try:
                answer = await send()
            except httpx.TransportError as error:
                why = type(error).__name__
            else:
                if not _wants_again(answer):
                    return answer
                why = _refusal(answer).detail or f"status {answer.status_code}"
            if loop.time() > until:
                raise LoadError(
                    f"{service} did not take it in {self._patience:.0f} s: {why}. See `lianhe status` and `lianhe "
                    f"logs`; the same command goes on where this ended.\n"
                    f"{service}长时间未能受理：{why}。请查看 `lianhe status` 与 `lianhe logs`；重新运行将从中断处继续。"
                )
            await asyncio.sleep(_TICK_SECONDS)


async def each(items: Iterable[T], do: Callable[[T], Awaitable[None]], *, at_once: int = AT_ONCE) -> None:
    """Do something for each item, some at once; items are taken as they are needed.

    Raises:
        Exception: what the first one to fail raises; those under way are given up.
    """
    left = iter(items)

    async def work() -> None:
        for item in left:
            await do(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _wants_again(answer: httpx.Response) -> bool:
    """Tell whether to send again: the service is away, or has not heard yet of what it was sent."""
    away = {httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.GATEWAY_TIMEOUT}
    return answer.status_code in away or _refusal(answer).type.endswith(":not-found")


def _refusal(answer: httpx.Response) -> _Refusal:
    if answer.is_success:
        return _Refusal()
    try:
        return _REFUSAL.validate_json(answer.content)
    except ValidationError:
        return _Refusal(detail=f"status {answer.status_code}", detailZh=f"状态码{answer.status_code}")
