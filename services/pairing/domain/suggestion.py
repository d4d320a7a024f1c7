"""A suggestion of a partner for an entity that must found an organisation 应建未建: made, settled, opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from contracts.vocabulary import Bureau, SuggestionState
from services.pairing.domain.partner import Choice, Entity, Organisation, Reason, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a version of an entity's coverage says.

    Attributes:
        version: of the coverage.
        must_found: whether the entity must found an organisation.
        uscc: the entity's code.
        division_code: its 行政区划.
        bureau: its line 条.
        effective_on: day from which it holds, Asia/Shanghai.
    """

    version: int
    must_found: bool
    uscc: str
    division_code: str
    bureau: Bureau
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The suggestion for one entity.

    There is one for each entity whose coverage was heard of, so that an older coverage that comes late is known as
    such. Where the entity never had to found an organisation it has version 0, is settled, and was never told.

    Attributes:
        version: counts what was told of it.
        coverage_version: of the coverage that was used last.
        partner_organisation_id: suggested; once settled, what was suggested last.
        reasons: why this one, or none.
        effective_on: day from which it holds, Asia/Shanghai.
        recorded_at: moment at which it was decided.
    """

    suggestion_id: UUID
    entity_id: UUID
    version: int
    coverage_version: int
    uscc: str
    partner_organisation_id: UUID | None
    reasons: tuple[Reason, ...]
    state: SuggestionState
    division_code: str
    bureau: Bureau
    effective_on: date
    recorded_at: datetime


def hear_coverage(
    known: Suggestion, coverage: Coverage, organisations: Sequence[Organisation], now: datetime
) -> Suggestion:
    """Return the suggestion after a coverage. One that isn't newer than what was used changes nothing.

    A suggestion that opens again is chosen anew; an open one keeps its partner while that one is fit.

    Args:
        known: the suggestion so far.
        coverage: what the ledgers tell.
        organisations: all of the entity's district, as they are known now.
        now: the moment.
    """
    if coverage.version <= known.coverage_version:
        return known
    if coverage.must_found:
        present = known.partner_organisation_id if known.state is SuggestionState.OPEN else None
        entity = Entity(known.entity_id, coverage.division_code, coverage.bureau)
        choice, state = choose(entity, organisations, present), SuggestionState.OPEN
    else:
        choice, state = Choice(known.partner_organisation_id, known.reasons), SuggestionState.SETTLED
    decided = replace(
        known,
        coverage_version=coverage.version,
        uscc=coverage.uscc,
        partner_organisation_id=choice.partner_organisation_id,
        reasons=choice.reasons,
        state=state,
        division_code=coverage.division_code,
        bureau=coverage.bureau,
    )
    return _counted(known, decided, coverage.effective_on, now)


def reconsider(
    known: Suggestion, organisations: Sequence[Organisation], changed: Mapping[UUID, date], now: datetime
) -> Suggestion:
    """Return an open suggestion after organisations or ratings changed.

    Its partner stays while it is fit (see `choose`), with what is now true of it as reasons; else the best one takes
    its place.

    Args:
        known: the suggestion so far, open.
        organisations: all of the entity's district, as they are known now.
        changed: the organisations of which something changed, and the day from which that holds.
        now: the moment.
    """
    entity = Entity(known.entity_id, known.division_code, known.bureau)
    choice = choose(entity, organisations, known.partner_organisation_id)
    decided = replace(known, partner_organisation_id=choice.partner_organisation_id, reasons=choice.reasons)
    partners = (known.partner_organisation_id, choice.partner_organisation_id)
    days = [changed[one] for one in partners if one is not None and one in changed]
    # an old fact that becomes known late doesn't make the suggestion older than it was
    return _counted(known, decided, max([known.effective_on, *days]), now)


def _counted(known: Suggestion, decided: Suggestion, effective_on: date, now: datetime) -> Suggestion:
    never_told = known.version == 0 and decided.state is SuggestionState.SETTLED
    if never_told or _content(decided) == _content(known):
        return decided
    return replace(decided, version=known.version + 1, effective_on=effective_on, recorded_at=now)


def _content(one: Suggestion) -> tuple[object, ...]:
    return one.state, one.partner_organisation_id, one.reasons, one.uscc, one.division_code, one.bureau
