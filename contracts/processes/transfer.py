"""Transfer 组织关系转接 of a member: two sides and a deadline (domain rule 3)."""

from typing import Final

from contracts.processes.machine import Machine, Step, Term
from contracts.vocabulary import MEMBER_KEEPERS
from contracts.vocabulary.transfers import TransferAction, TransferState

FROM: Final = "division_code"
"""The giving side: the division of the organisation that holds the relation."""
TO: Final = "to_division_code"
"""The receiving side."""

_OPEN: Final = (TransferState.REQUESTED, TransferState.RELEASED, TransferState.RETURNED)

TRANSFER: Final[Machine[TransferState, TransferAction]] = Machine(
    name="transfer",
    name_zh="组织关系转接",
    begins=Step(TransferAction.REQUEST, frozenset(), TransferState.REQUESTED, MEMBER_KEEPERS, FROM),
    steps=(
        Step(
            TransferAction.RELEASE,
            frozenset({TransferState.REQUESTED, TransferState.RETURNED}),
            TransferState.RELEASED,
            MEMBER_KEEPERS,
            FROM,
        ),
        Step(TransferAction.ACCEPT, frozenset({TransferState.RELEASED}), TransferState.COMPLETED, MEMBER_KEEPERS, TO),
        Step(
            TransferAction.RETURN,
            frozenset({TransferState.RELEASED}),
            TransferState.RETURNED,
            MEMBER_KEEPERS,
            TO,
            needs_note=True,
        ),
        Step(
            TransferAction.WITHDRAW,
            frozenset({TransferState.REQUESTED, TransferState.RELEASED, TransferState.RETURNED}),
            TransferState.WITHDRAWN,
            MEMBER_KEEPERS,
            FROM,
        ),
        *(Step(TransferAction.REDIRECT, frozenset({state}), state, frozenset()) for state in _OPEN),
        Step(TransferAction.LAPSE, frozenset({TransferState.RELEASED}), TransferState.RETURNED, frozenset()),
    ),
    terms={
        TransferState.RELEASED: (
            Term(90, "中国共产党党员教育管理工作条例 (2019), on 组织关系介绍信: valid for three months at the most"),
        )
    },
    lapses=TransferAction.LAPSE,
)
"""The relation stays with the giving organisation until the receiving one accepts: the member is counted once."""
