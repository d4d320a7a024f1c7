"""What is owed to organisational life: editions of its rules, yearly plans of training, and what follows on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic.alias_generators import to_camel

from contracts.events.ledgers.life import LifeRulePublished, TrainingPlanRecorded
from contracts.rules.life import contradictions
from contracts.vocabulary import UNASSIGNED_DIVISION, CallerRole, DivisionLevel, LifeDuty, LifePeriod, OrganisationForm
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import FORBIDDEN, Problem
from services.ledgers.domain.divisions import level_of
from services.ledgers.domain.life import Owed, owed
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.lines import KEEPERS
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.repository.life import (
    S,
    all_rules,
    held_by,
    lock_plan,
    lock_rule,
    owing,
    plans_for,
    write_stated,
)

PUBLISHERS = KEEPERS | {CallerRole.NON_PUBLIC_COMMITTEE}
"""Who may publish rules and plans: the district, 组织部, 非公工委, and systems that act for them."""


@dataclass(frozen=True, slots=True)
class StatedRule:
    """An edition of a rule as a command states it; the fields are those of the event."""

    duty: LifeDuty
    forms: tuple[OrganisationForm, ...]
    period: LifePeriod
    times: int
    committee_from: int | None
    term_years: int | None
    shift_months: int | None
    source: str
    source_zh: str
    valid_from: date
    valid_until: date | None


class LifeRules:
    """Carries out commands about what is owed.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def publish(self, stated: StatedRule, expected_version: int | None) -> LifeRulePublished | None:
        """Publish an edition of a rule, or correct the one with the same duty and first day; None where it is so.

        Raises:
            Problem: `forbidden`, `invalid` where it contradicts itself, or `version-conflict` where there is such an
                edition and it was decided on another version of it, or on none.
        """
        allow(self._commanded.caller, PUBLISHERS, self._commanded.caller.division_code)
        if not self._commanded.caller.speaks_for(UNASSIGNED_DIVISION):
            raise Problem(
                FORBIDDEN,
                f"A rule holds for the whole district; this caller speaks for "
                f"{self._commanded.caller.division_code} only.",
                f"规则适用于全区，该用户的管辖范围仅为{self._commanded.caller.division_code}。",
            )
        found = [
            Misfit(f"/{to_camel(field)}", reason, reason_zh) for field, reason, reason_zh in contradictions(stated)
        ]
        if len(set(stated.forms)) != len(stated.forms):
            found.append(Misfit("/forms", "a form stands there twice", "组织形式重复"))
        refuse_misfits(found)
        known = await lock_rule(self._connection, stated.duty, stated.valid_from)
        rule = LifeRulePublished(
            rule_id=new_id() if known is None else known.rule_id,
            version=1 if known is None else known.version + 1,
            duty=stated.duty,
            forms=stated.forms,
            period=stated.period,
            times=stated.times,
            committee_from=stated.committee_from,
            term_years=stated.term_years,
            shift_months=stated.shift_months,
            source=stated.source,
            source_zh=stated.source_zh,
            valid_from=stated.valid_from,
            valid_until=stated.valid_until,
            recorded_at=self._commanded.clock.now(),
        )
        return await self._keep(rule, known, expected_version, "edition of the rule", "规则版次")

    async def plan(
        self, division_code: str, year: int, sessions: int, expected_version: int | None
    ) -> TrainingPlanRecorded | None:
        """Record how often a district trains secretaries in a year, or change it; None where it is so.

        Raises:
            Problem: `forbidden`, `invalid` where the division is no district, or `version-conflict` where there is such
                a plan and it was decided on another version of it, or on none.
        """
        if not _is_district(division_code):
            refuse_misfits([Misfit("/divisionCode", "names no district", "不是区县代码")])
        allow(self._commanded.caller, PUBLISHERS, division_code)
        known = await lock_plan(self._connection, division_code, year)
        plan = TrainingPlanRecorded(
            plan_id=new_id() if known is None else known.plan_id,
            version=1 if known is None else known.version + 1,
            division_code=division_code,
            year=year,
            sessions=sessions,
            recorded_at=self._commanded.clock.now(),
        )
        return await self._keep(plan, known, expected_version, "plan of the year", "年度培训计划")

    async def _keep(self, stated: S, known: S | None, expected: int | None, what: str, what_zh: str) -> S | None:
        if known is not None or expected is not None:
            expect(known, expected or 0, what, what_zh)
        if known is not None and _content(stated) == _content(known):
            return None
        caller = self._commanded.caller
        await write_stated(self._connection, stated, caller.subject, caller.role.value)
        await tell(self._connection, [self._commanded.told(stated)])
        return stated


async def owed_by(connection: Connection, organisation_id: UUID, on: date) -> list[Owed]:
    """Return what an organisation owes on a day; nothing where it isn't there."""
    organisation = await owing(connection, organisation_id)
    if organisation is None:
        return []
    return owed(
        organisation,
        await held_by(connection, organisation_id, on),
        await all_rules(connection),
        await plans_for(connection, organisation_id),
        on,
    )


def _is_district(code: str) -> bool:
    try:
        return level_of(code) is DivisionLevel.DISTRICT
    except ValueError:
        return False


def _content(stated: LifeRulePublished | TrainingPlanRecorded) -> dict[str, object]:
    return stated.model_dump(exclude={"rule_id", "plan_id", "version", "recorded_at"})
