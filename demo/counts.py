"""The same entities, counted in each service's own database and by a GraphQL query."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from kit.database import Database
from services.ledgers.repository.entities import count_entities as count_in_ledger
from services.registration.repository.entities import count as count_registered

QUERY: Final = "{ entities { totalCount nodes { name uscc kind divisionCode ledger { version effectiveOn } } } }"
LEDGER_QUERY: Final = "{ entities(filter: {recorded: true}) { totalCount } }"
_TICK_SECONDS: Final = 0.1


class StandstillError(Exception):
    """What was taken in does not arrive; the text says how far it came."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Entities in registration, in the ledger, and in the graph (with their ledger record)."""

    registration: int
    ledger: int
    graph: int

    @property
    def same(self) -> bool:
        """Whether all three are equal."""
        return self.registration == self.ledger == self.graph


class Counter:
    """Counts in all three places.

    Args:
        registration: address of registration's database.
        ledgers: address of the ledgers' database.
        gateway: address of the gateway, `http://host:port`.
    """

    def __init__(self, *, registration: str, ledgers: str, gateway: str) -> None:
        self._registration = Database(registration, application_name="demo", pool_size=1)
        self._ledgers = Database(ledgers, application_name="demo", pool_size=1)
        # not by a proxy of the environment: it can't reach this loopback
        self._gateway = httpx.AsyncClient(base_url=gateway, timeout=30, trust_env=False)

    async def count(self) -> Counted:
        """Count once.

        Raises:
            StandstillError: the graph answers with an error.
        """
        async with self._registration.transaction() as transaction:
            registered = await count_registered(transaction.connection)
        async with self._ledgers.transaction() as transaction:
            recorded = await count_in_ledger(transaction.connection)
        return Counted(registered, recorded, await self._in_graph())

    async def settle(self, watch: Callable[[Counted], None], *, patience_seconds: float = 60) -> Counted:
        """Count until all three are equal.

        Raises:
            StandstillError: nothing moved for `patience_seconds`.
        """
        loop = asyncio.get_running_loop()
        before, moved = None, loop.time()
        while True:
            counted = await self.count()
            watch(counted)
            if counted.same:
                return counted
            if counted != before:
                before, moved = counted, loop.time()
            elif loop.time() - moved > patience_seconds:
                raise StandstillError(
                    f"nothing moved for {patience_seconds:.0f} s: registration {counted.registration}, ledger "
                    f"{counted.ledger}, graph {counted.graph}. See `lianhe status` and `lianhe logs`.\n"
                    f"数据停滞不前，请查看 `lianhe status` 与 `lianhe logs`。"
                )
            await asyncio.sleep(_TICK_SECONDS)

    async def close(self) -> None:
        """Close every connection."""
        await self._registration.close()
        await self._ledgers.close()
        await self._gateway.aclose()

    async def _in_graph(self) -> int:
        answer = await self._gateway.post("/graphql", json={"query": LEDGER_QUERY})
        body = answer.json()
        if "errors" in body:
            raise StandstillError(f"the graph answers: {body['errors'][0]['message']}")
        return int(body["data"]["entities"]["totalCount"])
