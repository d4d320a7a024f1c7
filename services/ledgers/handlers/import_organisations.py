"""Takes rows of organisations in, by the commands about organisations."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.vocabulary import DIVISION_WIDTH, Bureau
from kit.command_routes import Commanded
from services.ledgers.domain.matching import Directory, Doubt, KnownOrganisation, compared_organisation_name
from services.ledgers.domain.organisation import compared_code
from services.ledgers.domain.organisation_profile import Election
from services.ledgers.handlers.importing import Outcome, Taken, ambiguous, organisation_meant, unknown_entity
from services.ledgers.handlers.looking import reach_of
from services.ledgers.handlers.organisation_profile import Profile, Profiles
from services.ledgers.handlers.organisations import OrganisationFacts, Organisations
from services.ledgers.intake.cells import missing
from services.ledgers.intake.columns import OrganisationColumn
from services.ledgers.intake.statements import OrganisationStated, RejectReason, Row, RowError
from services.ledgers.repository.imports import (
    StatedEntity,
    around_organisations,
    associations_by_name,
    divisions_by_name,
    entities_by_uscc,
    lock_around,
    organisations_in_reach,
)
from services.ledgers.repository.organisations import find_organisation

Of = TypeVar("Of")

COLUMNS: Final[Mapping[str, str]] = {
    "/code": OrganisationColumn.CODE,
    "/form": OrganisationColumn.FORM,
    "/mode": OrganisationColumn.MODE,
    "/entityIds": OrganisationColumn.ENTITIES,
    "/superiorId": OrganisationColumn.SUPERIOR,
    "/associationId": OrganisationColumn.ASSOCIATION,
    "/lastElectedOn": OrganisationColumn.LAST_ELECTED_ON,
    "/effectiveOn": OrganisationColumn.EFFECTIVE_ON,
}
"""The columns of the places that the commands name."""

_CODE_DIGITS: Final = frozenset({6, 9, DIVISION_WIDTH})


class OrganisationRows:
    """Takes rows of organisations in."""

    aggregate: Final = RecordedOrganisation.topic

    def __init__(self) -> None:
        self._directory = Directory(())
        self._entities: Mapping[str, StatedEntity] = {}
        self._divisions: Mapping[str, Sequence[str]] = {}
        self._associations: Mapping[str, Sequence[UUID]] = {}

    async def hold(self, commanded: Commanded, rows: Sequence[Row[OrganisationStated]]) -> None:
        """Load what a batch refers to, and lock what it touches in the one order."""
        connection, reach = commanded.connection, reach_of(commanded.caller)
        self._entities = await entities_by_uscc(
            connection, sorted({uscc for row in rows for uscc in row.stated.usccs or ()})
        )
        self._divisions = await divisions_by_name(connection, reach)
        self._associations = await associations_by_name(connection)
        self._directory = Directory(await organisations_in_reach(connection, reach))
        meant = {self._directory.meant(row.stated.superior) for row in rows if row.stated.superior}
        meant |= {self._matched(row.stated) for row in rows}
        organisations = sorted(one for one in meant if isinstance(one, UUID))
        covered, members = await around_organisations(connection, organisations)
        entities = {*covered, *(one.entity_id for one in self._entities.values())}
        await lock_around(connection, sorted(entities), organisations, sorted(members))
        self._directory = Directory(await organisations_in_reach(connection, reach))

    async def find(self, _commanded: Commanded, row: Row[OrganisationStated]) -> UUID | None:
        """Return the organisation that a row is about; None where it is new.

        Raises:
            RowError: that can't be said.
        """
        self._division(row.stated)
        found = self._matched(row.stated)
        if isinstance(found, Doubt):
            by_code = found in {Doubt.OTHER_CODE, Doubt.NAME_OF_ANOTHER}
            raise ambiguous(found, OrganisationColumn.CODE if by_code else OrganisationColumn.NAME)
        return found

    async def take(self, commanded: Commanded, row: Row[OrganisationStated], known: UUID | None) -> Taken:
        """Found or change an organisation, and state what it is made of where the row does.

        Raises:
            RowError: it refers to what isn't there, or lacks what something new needs.
            Problem: a command refuses it.
        """
        stated = row.stated
        before = None if known is None else await find_organisation(commanded.connection, known)
        facts = self._facts(stated, before)
        organisations = Organisations(commanded)
        if before is None:
            after: RecordedOrganisation | None = await organisations.found(facts, stated.effective_on)
        else:
            after = await organisations.change(before.organisation_id, before.version, facts, stated.effective_on)
        now = after or before
        if now is None:
            raise LookupError(known)
        made = await self._profile(commanded, stated, now) if stated.says_profile else None
        self._directory.put(KnownOrganisation(now.organisation_id, now.name, now.code, now.division_code, active=True))
        if before is None:
            return Taken(Outcome.NEW, now.organisation_id)
        unchanged = after is None and made is None
        return Taken(Outcome.UNCHANGED if unchanged else Outcome.CHANGED, now.organisation_id)

    def _matched(self, stated: OrganisationStated) -> UUID | Doubt | None:
        code = compared_code(stated.code) if stated.code else None
        try:
            division = self._division(stated)
        except RowError:
            division = None  # told when the row's turn comes
        return self._directory.match(code, stated.name, division)

    def _division(self, stated: OrganisationStated) -> str | None:
        """Return the division that a row states, or that of its first entity; None where it says neither."""
        text = stated.division
        if text is None:
            entities = [found for uscc in stated.usccs or () if (found := self._entities.get(uscc))]
            return entities[0].division_code if entities else None
        if text.isascii() and text.isdigit() and len(text) in _CODE_DIGITS:
            return text.ljust(DIVISION_WIDTH, "0")
        codes = self._divisions.get(text, ())
        if len(codes) == 1:
            return codes[0]
        raise RowError(
            OrganisationColumn.DIVISION,
            RejectReason.AMBIGUOUS if codes else RejectReason.UNKNOWN,
            f"{'several divisions have' if codes else 'no division has'} this name. Write the code, of 6, 9 or 12 "
            "digits.",
            f"{'有多个' if codes else '没有'}该名称的行政区划，请填写6、9或12位代码。",
        )

    def _facts(self, stated: OrganisationStated, known: RecordedOrganisation | None) -> OrganisationFacts:
        division, entities = self._division(stated), self._covered(stated)
        superior = None
        if stated.superior is not None:
            superior = organisation_meant(
                self._directory, stated.superior, OrganisationColumn.SUPERIOR, RejectReason.SUPERIOR_UNKNOWN
            )
        association = None if stated.association is None else self._association(stated.association)
        if known is None:
            if stated.form is None:
                raise missing(OrganisationColumn.FORM)
            base = OrganisationFacts(
                name=stated.name,
                form=stated.form,
                external=False,
                mode=None,
                entity_ids=(),
                superior_id=None,
                association_id=None,
                division_code=None,
                bureau=Bureau.MARKET_REGULATION,
                founded_on=None,
            )
        else:
            base = OrganisationFacts(
                name=known.name,
                form=known.form,
                external=known.external,
                mode=known.mode,
                entity_ids=known.entity_ids,
                superior_id=known.superior_id,
                association_id=known.association_id,
                division_code=known.division_code,
                bureau=known.bureau,
                founded_on=known.founded_on,
                has_committee=known.has_committee,
                groups=known.groups,
                code=known.code,
            )
        # what is known keeps its division when only its entities are stated
        said_division = division if stated.division is not None or known is None else None
        # a name that is only written otherwise, as with a space, is the same name
        same = compared_organisation_name(stated.name) == compared_organisation_name(base.name)
        return OrganisationFacts(
            name=base.name if same else stated.name,
            form=_either(stated.form, base.form),
            external=_either(stated.external, base.external),
            mode=_either(stated.mode, base.mode),
            entity_ids=_either(entities, base.entity_ids),
            superior_id=_either(superior, base.superior_id),
            association_id=_either(association, base.association_id),
            division_code=_either(said_division, base.division_code),
            bureau=_either(stated.bureau, base.bureau),
            founded_on=_either(stated.founded_on, base.founded_on),
            has_committee=_either(stated.has_committee, base.has_committee),
            groups=_either(stated.groups, base.groups),
            code=_either(stated.code, base.code),
        )

    def _covered(self, stated: OrganisationStated) -> list[UUID] | None:
        if stated.usccs is None:
            return None
        found = [self._entities.get(uscc) for uscc in stated.usccs]
        entities = [one.entity_id for one in found if one is not None]
        if len(entities) != len(found):
            raise unknown_entity(OrganisationColumn.ENTITIES)
        return entities

    def _association(self, name: str) -> UUID:
        ids = self._associations.get(name, ())
        if len(ids) != 1:
            raise RowError(
                OrganisationColumn.ASSOCIATION,
                RejectReason.AMBIGUOUS if ids else RejectReason.UNKNOWN,
                f"{'several associations that are active have' if ids else 'no association that is active has'} this "
                "name. Correct it, or leave the cell empty and change the organisation by command.",
                f"{'有多个' if ids else '没有'}该名称的在用协会，请更正，或留空后另行办理变更。",
            )
        return ids[0]

    @staticmethod
    async def _profile(
        commanded: Commanded, stated: OrganisationStated, known: RecordedOrganisation
    ) -> RecordedOrganisation | None:
        last = stated.last_elected_on or known.last_elected_on
        put_off = known.election_put_off_to if last == known.last_elected_on else None
        pilot = stated.standardisation_pilot
        profile = Profile(
            industry=stated.industry or known.industry,
            committee=None,
            election=Election(last, put_off),
            full_time_workers=(
                known.full_time_workers if stated.full_time_workers is None else stated.full_time_workers
            ),
            funds=known.funds or (),
            venues=known.venues or (),
            demonstration=stated.demonstration or known.demonstration,
            standardisation_pilot=bool(known.standardisation_pilot) if pilot is None else pilot,
        )
        return await Profiles(commanded).state(known.organisation_id, known.version, profile, stated.effective_on)


def _either(stated: Of | None, known: Of) -> Of:
    return known if stated is None else stated
