"""What every event of a process 流程 has: the state after a step, the step, and when the state is due."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.vocabulary import Bureau
from contracts.vocabulary.word import Word

MOST_EVIDENCE = 100
"""Files that one process carries at the most."""


class ProcessMoved(EventData):
    """Whole state of a process after a step. Each process has its own words for `state` and `action`.

    What a step was given as its reason is no part of it: free text may name people. The owner shows it to who may see.
    """

    process_id: Annotated[UUID, Field(description="Id of the process.")]
    version: Annotated[Version, Field(description="Counts its steps from 1.")]
    state: Annotated[Word, Field(description="State after the step.")]
    action: Annotated[Word, Field(description="The step.")]
    due_at: Annotated[
        RecordedAt | None, Field(description="Moment at which the state is overdue, UTC; absent where never.")
    ] = None
    evidence_ids: Annotated[
        tuple[UUID, ...],
        Field(max_length=MOST_EVIDENCE, description="Ids of the files it carries 佐证材料; the owner gives them out."),
    ]
    division_code: Annotated[DivisionCode, Field(description="行政区划 that answers for it.")]
    bureau: Annotated[Bureau, Field(description="The line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which its owner recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the id of the process."""
        return str(self.process_id)
