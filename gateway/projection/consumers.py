"""What the gateway hears from Kafka."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.projection.annual_reports import ANNUAL_REPORT
from gateway.projection.assessment import RATING, SCHEME
from gateway.projection.entities import ENTITY, ENTITY_LEDGER
from gateway.projection.ledgers import LEDGERS_EVENTS, LedgersProjection
from gateway.projection.life import LIFE
from gateway.projection.markets import MARKET, STALL
from gateway.projection.noting import Noting
from gateway.projection.pairing import ALLIANCE, ASSIGNMENT, NAMING, QUESTIONNAIRE, SUGGESTION, VISIT
from gateway.projection.processes import PROCESSES
from gateway.projection.records import HONOUR, POST, QUOTA
from gateway.read_model import checked
from kit.copying import Copy, CopyingEach
from kit.hearing import Hearing
from kit.lines import ASSOCIATION, BUREAU, CADRE, DIVISION

SCHEMA: Final = "model_1"
"""The first build. Its consumers have the names that they had before there were others."""

_COPIES: Final[Mapping[str, Sequence[Copy[Any]]]] = {
    "entity": [ENTITY],
    "entity-ledger": [ENTITY_LEDGER],
    "lines": [DIVISION, BUREAU, ASSOCIATION, CADRE],
    "assessment": [SCHEME, RATING],
    "pairing": [ASSIGNMENT, SUGGESTION, ALLIANCE, VISIT, NAMING, QUESTIONNAIRE],
    "processes": PROCESSES,
    "life": LIFE,
    "records": [QUOTA, POST, HONOUR],
    "markets": [MARKET, STALL],
    "annual-reports": [ANNUAL_REPORT],
}
_LEDGERS: Final = "ledgers"

TOPICS: Final[Sequence[str]] = sorted(
    {event.topic for copies in _COPIES.values() for copy in copies for event in copy.events}
    | {event.topic for event in LEDGERS_EVENTS}
)
"""Every topic that is heard, by its contract name."""


def consumer_names(build: str) -> list[str]:
    """Return the names of a build's consumers, which are those of its consumer groups without the topics' prefix.

    Raises:
        ValueError: `build` is no build's name.
    """
    return [f"gateway.{_named(build, what)}" for what in (*_COPIES, _LEDGERS)]


def subscribe(hearing: Hearing, build: str = SCHEMA, *, noting: bool = True) -> None:
    """Add the consumers that keep a build of the read model up to date.

    The two large topics have one each, so that neither waits for the other; the others have one a service. No one
    needs an inbox: each tells nothing, and every write is guarded by the aggregate's version. Each build has consumer
    groups, and so offsets, of its own.

    Args:
        hearing: what they are added to.
        build: the schema that they write to.
        noting: whether changes of coverage and ratings are noted for subscribers; never of a build in the making.
    """
    for what, copies in _COPIES.items():
        if noting and RATING in copies:
            events = [event for copy in copies for event in copy.events]
            hearing.subscribe(_named(build, what), events, Noting(CopyingEach(copies, build), build), inbox=False)
        else:
            hearing.copy(_named(build, what), copies, build)
    ledgers = LedgersProjection(build)
    handler = Noting(ledgers, build) if noting else ledgers
    hearing.subscribe(_named(build, _LEDGERS), LEDGERS_EVENTS, handler, inbox=False)


def _named(build: str, what: str) -> str:
    return what if checked(build) == SCHEMA else f"{build.replace('_', '-')}.{what}"
