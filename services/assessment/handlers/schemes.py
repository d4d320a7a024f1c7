"""Publishes editions of the scheme: the first by itself, each further one by a command."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from contracts.events.assessment import SchemePublished
from contracts.vocabulary import UNASSIGNED_DIVISION, CallerRole
from kit.clock import SHANGHAI, Clock, today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection
from kit.ids import derived_id
from kit.outbox import Told, tell
from kit.problems import FORBIDDEN, INVALID, Problem
from kit.timers import set_timer
from services.assessment.domain.first_scheme import FIRST, FORTRESS_INDEX
from services.assessment.domain.scheme import Edition, Scheme, faults
from services.assessment.publish import scheme_event
from services.assessment.repository.schemes import Published, add, end, hold, hold_alone, in_force, newest

PUBLISHERS: Final = frozenset({CallerRole.DISTRICT, CallerRole.ORGANISATION_DEPARTMENT})
"""Who may publish an edition."""

PROCESS: Final = "edition"
"""Timers of this process rate anew by an edition (`services.assessment.handlers.editions`)."""

FROM_THE_START: Final = UUID(int=0)


def step(version: int, last: UUID) -> str:
    """Return the timer's step that rates anew by an edition, behind an organisation id."""
    return f"{version}/{last}"


async def edition_in_force(connection: Connection, clock: Clock) -> Published:
    """Return the edition by which ratings are decided now; it stays that until the transaction ends.

    Where none was ever published, the first one is: by whoever comes first.
    """
    await hold(connection)
    found = await in_force(connection, FORTRESS_INDEX, today(clock))
    if found is None:
        await publish_first(connection, clock)
        found = await in_force(connection, FORTRESS_INDEX, today(clock))
    if found is None:
        raise LookupError(FORTRESS_INDEX)
    return found


async def publish_first(connection: Connection, clock: Clock) -> None:
    """Publish the first scheme, unless it was; of two at once the second waits for the first."""
    now = clock.now()
    event = scheme_event(FIRST, now)
    event_id = derived_id(FORTRESS_INDEX, SchemePublished.event_type, event.key)
    published = Published(FIRST, True, event_id, event_id, None, now)
    if await add(connection, published):
        await tell(connection, [Told(event_id=event_id, event=event, time=now, correlation_id=event_id)])


class Schemes:
    """Carries out the commands about schemes.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def publish(self, scheme_id: UUID, expected_version: int, scheme: Scheme) -> int:
        """Publish the next edition of a scheme; return its version.

        The edition before it ends the day before, and is told once more with that day. Every rating is decided anew:
        at once where the edition is valid already, else on its first day.

        Raises:
            Problem: `forbidden`, `not-found`, `version-conflict`, or `invalid` with each place and reason.
        """
        self._refuse_others()
        await hold_alone(self._connection)
        former = await newest(self._connection, scheme_id)
        expect(former, expected_version, "scheme", "评分办法")
        if former is None:
            raise LookupError(scheme_id)
        _refuse_faults(scheme, former.edition.scheme)
        clock = self._commanded.clock
        now = clock.now()
        edition = Edition(scheme_id, former.version + 1, scheme)
        told = self._commanded.told(scheme_event(edition, now))
        valid = scheme.valid_from <= today(clock)
        await add(
            self._connection,
            Published(edition, valid, told.event_id, told.correlation_id, told.traceparent, now),
        )
        ended = Edition(scheme_id, former.version, former.edition.scheme, scheme.valid_from - timedelta(days=1))
        await end(self._connection, ended)
        first_moment = datetime.combine(scheme.valid_from, time(), SHANGHAI)
        await set_timer(
            self._connection, PROCESS, step(edition.version, FROM_THE_START), now if valid else first_moment
        )
        await tell(self._connection, [self._commanded.told(scheme_event(ended, former.recorded_at)), told])
        return edition.version

    def _refuse_others(self) -> None:
        caller = self._commanded.caller
        allow(caller, PUBLISHERS, caller.division_code)
        if not caller.speaks_for(UNASSIGNED_DIVISION):
            raise Problem(
                FORBIDDEN,
                f"A scheme holds for the whole district; this caller speaks for {caller.division_code} only.",
                f"评分办法适用于全区，该用户的管辖范围仅为{caller.division_code}。",
            )


def _refuse_faults(scheme: Scheme, former: Scheme) -> None:
    found = faults(scheme, former)
    if found:
        raise Problem(
            INVALID,
            f"The scheme can't be published: {'; '.join(f'{one.place} {one.reason}' for one in found)}.",
            f"评分办法无法发布：{'；'.join(f'{one.place} {one.reason_zh}' for one in found)}。",
            {"errors": [{"pointer": one.place, "reason": one.reason, "reasonZh": one.reason_zh} for one in found]},
        )
