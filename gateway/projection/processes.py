"""The topics of processes, as tables of the read model."""

from collections.abc import Sequence
from typing import Any, Final

from contracts.events.ledgers.transfers import TransferMoved
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from gateway.projection.copied import copied
from gateway.tables import CreditCommitment, HouseholdApplication, PartyBuildingForm, Transfer
from kit.copying import Copy

PROCESSES: Final[Sequence[Copy[Any]]] = (
    copied(Transfer, TransferMoved),
    copied(PartyBuildingForm, FormMoved),
    copied(CreditCommitment, CommitmentMoved),
    copied(HouseholdApplication, ApplicationMoved),
)
