"""What the graph says of a district: asked by queries, never counted from what was loaded."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.processes.development import ADMITTED, CONFIRMING
from contracts.vocabulary import Demonstration, EntityKind
from demo.district.organisations import SELF_EMPLOYED
from demo.district.study import DISTRICT
from demo.loading.doors import Doors, Graph

_UNDER: Final = f'{{under: "{DISTRICT}"}}'
_COVERAGE: Final = f"""{{
  coverageFigures(by: [KIND], filter: {{division: {_UNDER}}}) {{
    kind
    all {{ ...figure }} withMember {{ ...figure }} withThreeFullMembers {{ ...figure }}
  }}
  cadres(filter: {{division: {_UNDER}}}) {{ totalCount }}
  assignments(filter: {{state: [ACTIVE], role: [CONTACT_CADRE], division: {_UNDER}}}) {{ totalCount }}
  mustFound: coverages(filter: {{duty: [MUST_FOUND], division: {_UNDER}}}) {{ totalCount }}
  shouldJoin: coverages(filter: {{duty: [SHOULD_JOIN], division: {_UNDER}}}) {{ totalCount }}
}}
fragment figure on CoverageFigure {{ entities ownOrganisation anyOrganisation work }}
"""
_OUTREACH: Final = f"""{{
  visited: entities(filter: {{visited: true, division: {_UNDER}}}) {{ totalCount }}
  threeDisplays: namings(filter: {{kind: [THREE_DISPLAYS], state: [NAMED], division: {_UNDER}}}) {{ totalCount }}
  excellence: namings(filter: {{kind: [PERFORMANCE_EXCELLENCE], state: [NAMED], division: {_UNDER}}}) {{ totalCount }}
  questionnaires(first: 100, filter: {{division: {_UNDER}}}) {{ nodes {{ handedOut }} }}
}}"""
_MEMBERS: Final = f"""query ($after: String) {{
  members(first: 500, after: $after, filter: {{state: [ACTIVE], division: {_UNDER}}}) {{
    nodes {{ workplace {{ kind }} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
_ORGANISATIONS: Final = f"""query ($after: String, $asOf: Date!) {{
  organisations(first: 500, after: $after, filter: {{state: [ACTIVE], external: false, division: {_UNDER}}}) {{
    nodes {{
      name mode demonstration association {{ name }} secretary {{ age(asOf: $asOf) }}
      membership {{ related managed relatedAndManaged }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


_DEVELOPED: Final = f"""{{
  developments(first: 100, filter: {{division: {_UNDER}}}) {{ nodes {{ steps {{ number doneOn }} }} }}
}}"""
_EMPLOYEES: Final = f"""{{
  organisations(first: 1, filter: {{nameContains: "{SELF_EMPLOYED}龙水分会", division: {_UNDER}}}) {{
    nodes {{ entities(first: 100) {{ nodes {{ partyBuildingForms(first: 1) {{ nodes {{ employees }} }} }} }} }}
  }}
}}"""


class CoverageFigure(Graph):
    """Entities of one denominator, and how many are covered."""

    entities: int
    own_organisation: int
    any_organisation: int
    work: int


class CoverageOfKind(Graph):
    """Figures of one kind."""

    kind: EntityKind
    all: CoverageFigure
    with_member: CoverageFigure
    with_three_full_members: CoverageFigure


class _Count(Graph):
    total_count: int


class _Coverage(Graph):
    coverage_figures: tuple[CoverageOfKind, ...]
    cadres: _Count
    assignments: _Count
    must_found: _Count
    should_join: _Count


class _HandedOut(Graph):
    handed_out: int


class _Questionnaires(Graph):
    nodes: tuple[_HandedOut, ...]


class _Outreach(Graph):
    visited: _Count
    three_displays: _Count
    excellence: _Count
    questionnaires: _Questionnaires


class _PageInfo(Graph):
    has_next_page: bool
    end_cursor: str | None


class _Workplace(Graph):
    kind: EntityKind


class _Member(Graph):
    workplace: _Workplace | None


class _MemberPage(Graph):
    nodes: tuple[_Member, ...]
    page_info: _PageInfo


class _Members(Graph):
    members: _MemberPage


class _Name(Graph):
    name: str


class Membership(Graph):
    """Members of an organisation, by relation and by management."""

    related: int
    managed: int
    related_and_managed: int


class _Secretary(Graph):
    age: int | None


class OrganisationFound(Graph):
    """An organisation as the graph shows it."""

    name: str
    mode: str
    demonstration: Demonstration | None
    secretary: _Secretary | None
    association: _Name | None
    membership: Membership | None

    @property
    def related(self) -> int:
        """Members whose relation is there."""
        return 0 if self.membership is None else self.membership.related

    @property
    def managed(self) -> int:
        """Members who are managed there."""
        return 0 if self.membership is None else self.membership.managed


class _OrganisationPage(Graph):
    nodes: tuple[OrganisationFound, ...]
    page_info: _PageInfo


class _Organisations(Graph):
    organisations: _OrganisationPage


class _Step(Graph):
    number: int
    done_on: date | None


class _Developed(Graph):
    steps: tuple[_Step, ...]


class _DevelopedPage(Graph):
    nodes: tuple[_Developed, ...]


class _Developments(Graph):
    developments: _DevelopedPage


class _Employed(Graph):
    employees: int | None


class _EmployedPage(Graph):
    nodes: tuple[_Employed, ...]


class _Employer(Graph):
    party_building_forms: _EmployedPage


class _EmployerPage(Graph):
    nodes: tuple[_Employer, ...]


class _Covering(Graph):
    entities: _EmployerPage


class _CoveringPage(Graph):
    nodes: tuple[_Covering, ...]


class _Employees(Graph):
    organisations: _CoveringPage


@dataclass(frozen=True, slots=True)
class Found:
    """What the graph says."""

    coverage: dict[EntityKind, CoverageOfKind]
    members: Counter[EntityKind | None]
    organisations: tuple[OrganisationFound, ...]
    cadres: int
    assignments: int
    must_found: int
    should_join: int
    visited: int
    three_displays: int
    excellence: int
    questionnaires: int
    demonstrations: Counter[Demonstration | None]
    secretaries: dict[str, int]
    admitted: int
    confirmed: int
    employees: int


async def ask(doors: Doors, as_of: date) -> Found:
    """Ask the graph.

    Args:
        doors: of the services.
        as_of: ages are of this day; who was developed and confirmed, of the first half of the year before last.

    Raises:
        LoadError: it answers with errors, or not at all.
    """
    told = await doors.ask(_COVERAGE, _Coverage)
    brought = await doors.ask(_OUTREACH, _Outreach)
    members: Counter[EntityKind | None] = Counter()
    page = (await doors.ask(_MEMBERS, _Members)).members
    while True:
        members.update(None if one.workplace is None else one.workplace.kind for one in page.nodes)
        if not page.page_info.has_next_page:
            break
        page = (await doors.ask(_MEMBERS, _Members, {"after": page.page_info.end_cursor})).members
    day = {"asOf": as_of.isoformat()}
    organisations = [*(found := (await doors.ask(_ORGANISATIONS, _Organisations, day)).organisations).nodes]
    while found.page_info.has_next_page:
        after = {"after": found.page_info.end_cursor, **day}
        found = (await doors.ask(_ORGANISATIONS, _Organisations, after)).organisations
        organisations += found.nodes
    developed = (await doors.ask(_DEVELOPED, _Developments)).developments.nodes
    employers = (await doors.ask(_EMPLOYEES, _Employees)).organisations.nodes
    half_year = (date(as_of.year - 2, 1, 1), date(as_of.year - 2, 6, 30))
    return Found(
        coverage={one.kind: one for one in told.coverage_figures},
        members=members,
        organisations=tuple(organisations),
        cadres=told.cadres.total_count,
        assignments=told.assignments.total_count,
        must_found=told.must_found.total_count,
        should_join=told.should_join.total_count,
        visited=brought.visited.total_count,
        three_displays=brought.three_displays.total_count,
        excellence=brought.excellence.total_count,
        questionnaires=sum(one.handed_out for one in brought.questionnaires.nodes),
        demonstrations=Counter(one.demonstration for one in organisations),
        secretaries={
            one.name: one.secretary.age
            for one in organisations
            if one.secretary is not None and one.secretary.age is not None
        },
        admitted=_voted(developed, ADMITTED, half_year),
        confirmed=_voted(developed, CONFIRMING, half_year),
        employees=sum(
            form.employees or 0
            for covering in employers
            for entity in covering.entities.nodes
            for form in entity.party_building_forms.nodes
        ),
    )


def _voted(developed: Sequence[_Developed], number: int, days: tuple[date, date]) -> int:
    """Count those of whom a step of the regulation was done within some days."""
    first, last = days
    return sum(
        one.number == number and one.done_on is not None and first <= one.done_on <= last
        for person in developed
        for one in person.steps
    )
