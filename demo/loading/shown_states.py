"""Which states the graph shows: each word of each list with states is to be in the small district."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import create_model

from contracts import vocabulary
from contracts.vocabulary.word import Word
from demo.loading.doors import Doors, Graph
from demo.loading.figures import Figure

SHOWN: Final[Mapping[str, type[Word]]] = {
    "entities": vocabulary.EntityState,
    "coverages": vocabulary.EntityState,
    "divisions": vocabulary.UnitState,
    "bureaus": vocabulary.UnitState,
    "associations": vocabulary.UnitState,
    "cadres": vocabulary.CadreState,
    "organisations": vocabulary.OrganisationState,
    "reorganisations": vocabulary.ReorganisationState,
    "members": vocabulary.MemberState,
    "transfers": vocabulary.TransferState,
    "floatings": vocabulary.FloatingState,
    "developments": vocabulary.DevelopmentState,
    "posts": vocabulary.PostState,
    "honours": vocabulary.HonourState,
    "contacts": vocabulary.ContactState,
    "gatherings": vocabulary.GatheringState,
    "partyBuildingForms": vocabulary.FormState,
    "creditCommitments": vocabulary.CommitmentState,
    "householdApplications": vocabulary.ApplicationState,
    "markets": vocabulary.MarketState,
    "stalls": vocabulary.StallState,
    "annualReports": vocabulary.AnnualReportState,
    "discrepancies": vocabulary.DiscrepancyState,
    "ratings": vocabulary.RatingState,
    "assignments": vocabulary.AssignmentState,
    "suggestions": vocabulary.SuggestionState,
    "alliances": vocabulary.AllianceState,
    "visits": vocabulary.VisitState,
    "namings": vocabulary.NamingState,
    "questionnaires": vocabulary.QuestionnaireState,
}
"""The words of each list of the graph; a test sees that no list and no word is left out."""
NOT_SHOWN: Final[Mapping[Word, str]] = {
    vocabulary.PostState.ERASED: "the graph forgets a post with its member",
    vocabulary.HonourState.ERASED: "the graph forgets an honour with its member",
}
"""States that the graph can show of nobody, and why."""


class _Count(Graph):
    total_count: int


async def missing_states(doors: Doors) -> Sequence[Figure]:
    """Ask the graph for each state of each list; return a figure for those without a row, which are to be none.

    Raises:
        LoadError: it answers with errors.
    """
    missing = []
    for name, words in SHOWN.items():
        states = [one for one in words if one not in NOT_SHOWN]
        asked = " ".join(
            f"{one.value.lower()}: {name}(filter: {{state: [{one.value}]}}) {{ totalCount }}" for one in states
        )
        fields = {one.value.lower(): (_Count, ...) for one in states}
        shown = await doors.ask(f"{{ {asked} }}", create_model("Shown", **fields))  # type: ignore[call-overload]  # fields by name
        missing += [f"{name} {one.value}" for one in states if not getattr(shown, one.value.lower()).total_count]
    return [
        Figure(f"states without a row 缺少的状态{_listed(missing)}", 0, len(missing)),
    ]


def _listed(missing: Sequence[str]) -> str:
    return f": {', '.join(missing)}" if missing else ""
