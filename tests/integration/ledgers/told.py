"""What the ledgers told so far, folded plainly: of each thing its last state; and what must be true of it all.

This is a second, simple reading of the rules: it looks at events alone, and uses nothing of the ledgers' own counting.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from contracts.catalogue import event_named
from contracts.events.ledgers.coverage import RecordedCoverage
from contracts.events.ledgers.development import DevelopmentMoved, QuotaRecorded
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.members import MemberErased, MemberRecorded
from contracts.events.ledgers.organisations import MembershipCounted, RecordedOrganisation
from contracts.events.ledgers.transfers import TransferMoved

STAGES: Final = ("APPLICANT", "ACTIVIST", "TARGET", "PROBATIONARY", "PROLONGED", "FULL", "FILED")
NEEDS: Final = {"ACTIVIST": 3, "TARGET": 8, "PROBATIONARY": 17, "FULL": 24, "FILED": 25}
"""So many steps, from the first, are done by whoever is there."""


class Told:
    """Of each thing the last state that was told."""

    def __init__(self) -> None:
        self.members: dict[UUID, MemberRecorded] = {}
        self.memberships: dict[UUID, MembershipCounted] = {}
        self.organisations: dict[UUID, RecordedOrganisation] = {}
        self.coverages: dict[UUID, RecordedCoverage] = {}
        self.transfers: dict[UUID, TransferMoved] = {}
        self.floatings: dict[UUID, FloatingMoved] = {}
        self.developments: dict[UUID, list[DevelopmentMoved]] = {}
        self.quotas: dict[UUID, QuotaRecorded] = {}
        self.versions: dict[str, int] = {}

    def hears(self, rows: Iterable[Any]) -> None:
        """Take in rows of the outbox, in order."""
        for row in rows:
            model = event_named(row["type"])
            assert model is not None
            event = model.model_validate_json(row["payload"])
            version = getattr(event, "version", 0)
            aggregate = f"{event.topic} {event.key}"
            assert version == self.versions.get(aggregate, 0) + 1, f"{aggregate}: a version is missing, or told twice"
            self.versions[aggregate] = version
            self._keep(event)

    def _keep(self, event: object) -> None:
        match event:
            case MemberRecorded():
                self.members[event.member_id] = event
            case MemberErased():
                self.members.pop(event.member_id, None)
            case MembershipCounted():
                self.memberships[event.organisation_id] = event
            case RecordedOrganisation():
                self.organisations[event.organisation_id] = event
            case RecordedCoverage():
                self.coverages[event.entity_id] = event
            case TransferMoved():
                self.transfers[event.process_id] = event
            case FloatingMoved():
                self.floatings[event.process_id] = event
            case DevelopmentMoved():
                self.developments.setdefault(event.process_id, []).append(event)
            case QuotaRecorded():
                self.quotas[event.quota_id] = event

    @property
    def active(self) -> list[MemberRecorded]:
        """The members who count."""
        return [one for one in self.members.values() if one.state == "ACTIVE"]

    def check(self, entities: Iterable[UUID]) -> None:
        """Fail where anything told contradicts anything else."""
        self._check_memberships()
        for entity in entities:
            self._check_coverage(entity)
        self._check_quotas()
        for told in self.developments.values():
            self._check_stages(told)
        self._check_moves()

    def _check_memberships(self) -> None:
        for organisation, told in self.memberships.items():
            related = [one for one in self.active if one.relation_organisation_id == organisation]
            managed = [one for one in self.active if one.management_organisation_id == organisation]
            counted = (told.related, told.managed, told.related_and_managed, told.full_related, told.full_managed)
            assert counted == (
                len(related),
                len(managed),
                len([one for one in related if one in managed]),
                len([one for one in related if one.standing == "FULL"]),
                len([one for one in managed if one.standing == "FULL"]),
            )
        with_relation = [one for one in self.active if one.relation_organisation_id is not None]
        assert sum(one.related for one in self.memberships.values()) == len(with_relation), "each is counted once"
        for one in with_relation:
            assert one.relation_organisation_id is not None
            assert self.organisations[one.relation_organisation_id].state == "ACTIVE"

    def _check_coverage(self, entity: UUID) -> None:
        here = [one for one in self.active if one.workplace_entity_id == entity]
        full = len([one for one in here if one.standing == "FULL"])
        by = sorted(one.organisation_id for one in self.organisations.values() if entity in one.entity_ids)
        told = self.coverages.get(entity)
        if told is None:
            assert not here
            assert not by
            return
        own = any(self.organisations[one].mode == "SINGLE" for one in by)
        assert (told.full_members, told.probationary_members) == (full, len(here) - full)
        assert list(told.organisation_ids) == by
        assert told.organisation_coverage == ("OWN" if own else "COVERED" if by else "NONE")
        if full >= 3:
            assert told.duty == ("MET" if by else "MUST_FOUND")
        elif full:
            assert told.duty == ("MET" if by else "SHOULD_JOIN")
        else:
            assert told.duty == ("MET" if by else "WORK_COVERAGE")

    def _check_quotas(self) -> None:
        admitted = Counter(
            (one.organisation_id, one.quota_year)
            for told in self.developments.values()
            for one in told
            if one.action == "ADMIT"
        )
        for quota in self.quotas.values():
            assert quota.taken <= quota.places
            assert quota.taken == admitted.pop((quota.organisation_id, quota.year), 0)
        assert not admitted, "admitted without a quota"

    def _check_stages(self, told: list[DevelopmentMoved]) -> None:
        reached = [one.state for one in told if one.state != "ENDED"]
        way = [state for number, state in enumerate(reached) if number == 0 or state != reached[number - 1]]
        whole = [stage for stage in STAGES if stage != "PROLONGED" or "PROLONGED" in way]
        assert way == whole[: len(way)], "a stage was skipped"
        last = told[-1]
        if last.masked_name is None:
            return
        done = {one.number for one in last.done_steps}
        assert done >= set(range(1, NEEDS.get(last.state, 0) + 1))
        member = self.members.get(last.person_id)
        assert (member is not None) is (last.quota_year is not None)
        if member is not None and last.state != "ENDED":
            standing = "FULL" if last.state in {"FULL", "FILED"} else "PROBATIONARY"
            assert member.standing == standing
            assert member.state == "ACTIVE" or last.state in {"FULL", "FILED"}

    def _check_moves(self) -> None:
        out = [one for one in self.floatings.values() if one.state in {"REPORTED", "RECEIVED"}]
        moving = [one for one in self.transfers.values() if one.state not in {"COMPLETED", "WITHDRAWN"}]
        for homes in (
            {one.process_id: (one.member_id, one.organisation_id) for one in out},
            {one.process_id: (one.member_id, one.from_organisation_id) for one in moving},
        ):
            assert len({member for member, _ in homes.values()}) == len(homes), "one at a time a member"
            for member, home in homes.values():
                assert self.members[member].state == "ACTIVE"
                assert self.members[member].relation_organisation_id == home

    def open_developments(self) -> Iterator[DevelopmentMoved]:
        """Yield the developments in which something may still be done, in their last state."""
        return (told[-1] for told in self.developments.values() if told[-1].state not in {"ENDED", "FILED"})
