"""The topics of processes, as tables of the read model."""

from collections.abc import Sequence
from typing import Any, Final

from contracts.events.ledgers.transfers import TransferMoved
from gateway.projection.copied import copied
from gateway.tables import Transfer
from kit.copying import Copy

PROCESSES: Final[Sequence[Copy[Any]]] = (copied(Transfer, TransferMoved),)
