"""What every service keeps of who does the work: divisions, bureaus, associations, cadres and mandates.

The ledgers own them and tell them; each service keeps a copy in the tables of `kit.schema.LINES_V1`, which are the
ledgers' own too.
"""

from collections.abc import Sequence
from typing import Final

from contracts.events.base import EventData
from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
    MandateRecorded,
)
from kit.copying import Column, Copy

_STATE: Final[tuple[Column[EventData], ...]] = (Column("state", "text"), Column("effective_on", "date"))
_RECORDED: Final[Column[EventData]] = Column("recorded_at", "timestamptz")
_VERSION: Final[Column[EventData]] = Column("version", "bigint")
_NAME: Final[Column[EventData]] = Column("name", "text")
_WHERE: Final[tuple[Column[EventData], ...]] = (Column("bureau", "text"), Column("division_code", "text"))

DIVISION: Final[Copy[EventData]] = Copy(
    table="division",
    columns=(
        Column("division_code", "text"),
        _VERSION,
        _NAME,
        Column("level", "text"),
        Column("parent_code", "text"),
        *_STATE,
        _RECORDED,
    ),
    events=(DivisionRecorded,),
)
BUREAU: Final[Copy[EventData]] = Copy(
    table="bureau",
    columns=(
        Column("bureau_id", "uuid"),
        _VERSION,
        _NAME,
        Column("kind", "text"),
        Column("parent_id", "uuid"),
        *_WHERE,
        *_STATE,
        _RECORDED,
    ),
    events=(BureauRecorded,),
)
ASSOCIATION: Final[Copy[EventData]] = Copy(
    table="association",
    columns=(
        Column("association_id", "uuid"),
        _VERSION,
        _NAME,
        Column("parent_id", "uuid"),
        *_WHERE,
        *_STATE,
        _RECORDED,
    ),
    events=(AssociationRecorded,),
)
CADRE: Final[Copy[EventData]] = Copy(
    table="cadre",
    columns=(
        Column("cadre_id", "uuid"),
        _VERSION,
        Column("bureau_id", "uuid"),
        Column("association_id", "uuid"),
        *_WHERE,
        *_STATE,
        _RECORDED,
    ),
    events=(CadreRecorded,),
)
MANDATE: Final[Copy[EventData]] = Copy(
    table="mandate",
    columns=(
        Column("mandate_id", "uuid"),
        _VERSION,
        Column("subject", "text"),
        Column("cadre_id", "uuid"),
        Column("role", "text"),
        *_WHERE,
        Column("valid_from", "date"),
        Column("valid_until", "date"),
        *_STATE,
        _RECORDED,
    ),
    events=(MandateRecorded,),
)

LINES: Final[Sequence[Copy[EventData]]] = (DIVISION, BUREAU, ASSOCIATION, CADRE, MANDATE)
"""How the topics of the lines become those tables."""
