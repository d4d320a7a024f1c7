"""The processes 流程 of the services, as data."""

from typing import Any, Final

from contracts.processes.development import DEVELOPMENT
from contracts.processes.discrepancy import DISCREPANCY
from contracts.processes.floating import FLOATING
from contracts.processes.machine import Machine
from contracts.processes.registration import APPLICATION, COMMITMENT, FORM
from contracts.processes.reorganisation import REORGANISATION
from contracts.processes.transfer import TRANSFER

MACHINES: Final[tuple[Machine[Any, Any], ...]] = (
    TRANSFER,
    DEVELOPMENT,
    FLOATING,
    REORGANISATION,
    FORM,
    COMMITMENT,
    APPLICATION,
    DISCREPANCY,
)
"""Every process there is."""
