"""Facts that pairing tells: cadres assigned, their visits, partners suggested, alliances, namings, questionnaires."""

from typing import Final

from contracts.events.base import EventData
from contracts.events.pairing import alliances, assignments, namings, questionnaires, suggestions, visits
from contracts.events.pairing.alliances import AllianceDissolved, AllianceFormed, AllianceParty, RecordedAlliance
from contracts.events.pairing.assignments import AssignmentEnded, AssignmentMade, RecordedAssignment
from contracts.events.pairing.namings import NamingRecorded
from contracts.events.pairing.questionnaires import QuestionnaireRecorded
from contracts.events.pairing.suggestions import RecordedSuggestion, SuggestionMade, SuggestionSettled
from contracts.events.pairing.visits import VisitRecorded

__all__ = [
    "EVENTS",
    "AllianceDissolved",
    "AllianceFormed",
    "AllianceParty",
    "AssignmentEnded",
    "AssignmentMade",
    "NamingRecorded",
    "QuestionnaireRecorded",
    "RecordedAlliance",
    "RecordedAssignment",
    "RecordedSuggestion",
    "SuggestionMade",
    "SuggestionSettled",
    "VisitRecorded",
]

EVENTS: Final[tuple[type[EventData], ...]] = (
    *assignments.EVENTS,
    *suggestions.EVENTS,
    *alliances.EVENTS,
    *visits.EVENTS,
    *namings.EVENTS,
    *questionnaires.EVENTS,
)
