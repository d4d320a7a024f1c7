"""The topics of processes, as tables of the read model."""

from collections.abc import Sequence
from typing import Any, Final

from contracts.events.ledgers.development import DevelopmentMoved
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
from contracts.events.registration.annual_reports import DiscrepancyMoved
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from gateway.projection.copied import copied
from gateway.projection.written_json import json_list
from gateway.tables import (
    CreditCommitment,
    Development,
    Discrepancy,
    Floating,
    HouseholdApplication,
    PartyBuildingForm,
    Reorganisation,
    Transfer,
)
from kit.copying import Copy

PROCESSES: Final[Sequence[Copy[Any]]] = (
    copied(Transfer, TransferMoved),
    copied(
        Reorganisation,
        ReorganisationMoved,
        computed={
            "form": lambda event: event.founding and event.founding.form,
            "mode": lambda event: event.founding and event.founding.mode,
        },
    ),
    copied(Floating, FloatingMoved),
    copied(Development, DevelopmentMoved, computed={"done_steps": lambda event: json_list(event.done_steps)}),
    copied(PartyBuildingForm, FormMoved),
    copied(CreditCommitment, CommitmentMoved),
    copied(HouseholdApplication, ApplicationMoved),
    copied(Discrepancy, DiscrepancyMoved),
)
