"""What names members: stating it, changing it, and who has an ID number already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import MEMBER_KEEPERS, PersonField
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.problems import CONFLICT, Problem
from services.ledgers.domain import persons as domain
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.names import masked
from services.ledgers.domain.persons import PersonFacts
from services.ledgers.handlers.member_states import next_state, store_member
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.persons import Persons
from services.ledgers.repository.members import find_member, lock_member


@dataclass(frozen=True, slots=True)
class StatedPerson:
    """What a command says of a person; None says nothing.

    Attributes:
        name: in full.
        id_number: 公民身份号码.
        telephone: 联系电话.
        born_in: month of birth, YYYY-MM; that of the ID number where there is one.
        without: what is to be kept no longer.
    """

    name: str | None = None
    id_number: str | None = None
    telephone: str | None = None
    born_in: str | None = None
    without: Sequence[PersonField] = ()

    def on(self, known: PersonFacts) -> PersonFacts:
        """Return what is known with what is stated in its place, each as it is compared."""
        stated = replace(
            known,
            name=self.name or known.name,
            id_number=domain.compared_id_number(self.id_number) if self.id_number else known.id_number,
            telephone=domain.compared_telephone(self.telephone) if self.telephone else known.telephone,
        )
        if PersonField.ID_NUMBER in self.without:
            stated = replace(stated, id_number=None)
        return replace(stated, telephone=None) if PersonField.TELEPHONE in self.without else stated


def stated_person(
    stated: StatedPerson, known: PersonFacts, known_month: str | None, day: date
) -> tuple[PersonFacts, str | None]:
    """Return the facts of a person and their month of birth, after a command.

    Args:
        stated: by the command.
        known: before it.
        known_month: month of birth before it.
        day: today, Asia/Shanghai.

    Raises:
        Problem: `invalid`, naming each place and repeating nothing.
    """
    facts = stated.on(known)
    refuse_misfits([*_contradictions(stated), *domain.unfit(facts.id_number, facts.telephone, stated.born_in, day)])
    month = domain.born_in(facts.id_number) if facts.id_number is not None else stated.born_in or known_month
    return facts, month


def _contradictions(stated: StatedPerson) -> list[Misfit]:
    found = []
    for one, pointer in ((PersonField.ID_NUMBER, "/idNumber"), (PersonField.TELEPHONE, "/telephone")):
        if one in stated.without and getattr(stated, one.value.lower()) is not None:
            found.append(Misfit(pointer, "is given and taken away at once", "不能同时填写与移除"))
    if PersonField.NAME in stated.without:
        found.append(
            Misfit("/without", "a name can't be taken away; erase the member", "姓名不能移除，请删除该党员信息")
        )
    return found


async def refuse_taken_id_number(
    commanded: Commanded, persons: Persons, id_number: str | None, member_id: UUID | None
) -> None:
    """Refuse an ID number that another member has. Until the transaction ends nobody else is given it.

    Raises:
        Problem: `conflict`, with `memberId` for who may see that member.
    """
    if id_number is None:
        return
    holder = await persons.holder_of(commanded.connection, id_number)
    if holder is None or holder == member_id:
        return
    known = await find_member(commanded.connection, holder)
    caller = commanded.caller
    seen = known is not None and caller.role in MEMBER_KEEPERS and caller.speaks_for(known.division_code)
    raise Problem(
        CONFLICT,
        "Another member has this ID number. Correct it; or, if it is the same person, go on with that member, or "
        "record this one without the number and merge the two.",
        "该公民身份号码已登记在另一名党员名下。请更正；如为同一人，请使用原党员记录，或先不填号码登记后再合并。",
        {"memberId": str(holder)} if seen else None,
    )


async def change_person(
    commanded: Commanded, persons: Persons, member_id: UUID, expected_version: int, stated: StatedPerson
) -> MemberRecorded | None:
    """Change what names a member; what isn't stated stays. None where all is so already.

    The member's version counts on even where nothing that is told changes: who decided on the former facts is refused.

    Raises:
        Problem: `not-found`, `version-conflict`, `forbidden`, `invalid`, or `conflict` where another member has the ID
            number, or the member was merged into another.
    """
    known = await lock_member(commanded.connection, member_id)
    expect(known, expected_version, "member", "党员")
    if known is None:
        raise LookupError(member_id)
    allow(commanded.caller, MEMBER_KEEPERS, known.division_code)
    refuse_merged(known)
    before = await persons.facts(commanded.connection, member_id)
    if before is None:
        raise LookupError(member_id)
    day = today(commanded.clock)
    facts, month = stated_person(stated, before, known.born_in, day)
    if (facts, month) == (before, known.born_in):
        return None
    await refuse_taken_id_number(commanded, persons, facts.id_number, member_id)
    now = commanded.clock.now()
    await persons.keep(commanded.connection, member_id, facts, now)
    await persons.take_away(commanded.connection, member_id, stated.without)
    member = next_state(known, now, max(day, known.effective_on), masked_name=masked(facts.name), born_in=month)
    await store_member(commanded, member, known, member.effective_on)
    return member


def refuse_merged(member: MemberRecorded) -> None:
    """Refuse to go on with a member who was merged into another.

    Raises:
        Problem: `conflict`, with `memberId` of the one who goes on.
    """
    if member.merged_into is not None:
        raise Problem(
            CONFLICT,
            f"The member was merged into {member.merged_into}. Go on with that one.",
            f"该党员已并入{member.merged_into}，请在该记录上办理。",
            {"memberId": str(member.merged_into)},
        )
