"""What is under way about an entity goes with it: to another division, and, what it promised, to its end.

Locks: the entity as a subject, its processes, then the entity itself.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.vocabulary import Bureau, CommitmentAction, CommitmentState, FormAction
from kit.causes import Cause
from kit.database import Connection
from kit.processes import Processes
from services.registration.handlers.commitments import commitments
from services.registration.handlers.forms import forms
from services.registration.repository.subjects import hold_subjects

Place = tuple[str, Bureau]
"""Division and line."""
Held = Sequence[FormMoved | CommitmentMoved]


class Accompanying:
    """Moves and ends what is under way about entities; nothing is given with these steps, so nothing is sealed."""

    def __init__(self) -> None:
        self._forms: Final[Processes[FormMoved]] = forms(None)
        self._commitments: Final[Processes[CommitmentMoved]] = commitments(None)

    async def hold(self, connection: Connection, entity_ids: Sequence[UUID]) -> Held:
        """Lock what is under way about entities, before the entities themselves; nobody begins more meanwhile."""
        await hold_subjects(connection, entity_ids)
        return [
            *await self._forms.under_way(connection, entity_ids),
            *await self._commitments.under_way(connection, entity_ids),
        ]

    async def move(self, cause: Cause, held: Held, places: Mapping[UUID, Place], asked: Collection[UUID] = ()) -> None:
        """Let what is under way be where its entity is, and tell it; what is there already stays as it is.

        Args:
            cause: why, in whose transaction the entities were written.
            held: by `hold`.
            places: where the entities are now.
            asked: those whose form is superseded by one that is asked there.
        """
        for one in held:
            place = places.get(one.entity_id)
            if place is None or place == (one.division_code, one.bureau):
                continue
            division_code, bureau = place
            if isinstance(one, FormMoved):
                if one.entity_id in asked:
                    continue
                await self._forms.take_by_the_clock(
                    cause, one, FormAction.MOVE_WITH_ENTITY, division_code=division_code, bureau=bureau
                )
            else:
                await self._commitments.take_by_the_clock(
                    cause, one, CommitmentAction.MOVE_WITH_ENTITY, division_code=division_code, bureau=bureau
                )

    async def end(self, cause: Cause, held: Held) -> None:
        """End what a deregistered entity promised, and tell it; what it broke stays broken."""
        for one in held:
            if isinstance(one, CommitmentMoved) and one.state is CommitmentState.SIGNED:
                await self._commitments.take_by_the_clock(cause, one, CommitmentAction.END_WITH_ENTITY)
