"""The topics of pairing as tables of the read model."""

from contracts.events.pairing import (
    AllianceDissolved,
    AllianceFormed,
    AssignmentEnded,
    AssignmentMade,
    NamingRecorded,
    QuestionnaireRecorded,
    RecordedAlliance,
    RecordedAssignment,
    RecordedSuggestion,
    SuggestionMade,
    SuggestionSettled,
    VisitRecorded,
)
from gateway.projection.copied import copied
from gateway.projection.written_json import json_list
from gateway.tables import Alliance, Assignment, Naming, Questionnaire, Suggestion, Visit
from kit.copying import Column, Copy

ASSIGNMENT: Copy[RecordedAssignment] = Copy(
    table=Assignment.__tablename__,
    columns=(
        Column("assignment_id", "uuid"),
        Column("version", "bigint"),
        Column("cadre_id", "uuid"),
        Column("role", "text"),
        Column("target", "text"),
        Column("target_id", "uuid"),
        Column("uscc", "text"),
        Column("state", "text"),
        Column("starts_on", "date"),
        Column("ended_on", "date"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(AssignmentMade, AssignmentEnded),
)

SUGGESTION: Copy[RecordedSuggestion] = Copy(
    table=Suggestion.__tablename__,
    columns=(
        Column("suggestion_id", "uuid"),
        Column("version", "bigint"),
        Column("entity_id", "uuid"),
        Column("uscc", "text"),
        Column("partner_organisation_id", "uuid"),
        Column("reasons", "jsonb", lambda event: json_list(event.reasons)),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(SuggestionMade, SuggestionSettled),
)

ALLIANCE: Copy[RecordedAlliance] = Copy(
    table=Alliance.__tablename__,
    columns=(
        Column("alliance_id", "uuid"),
        Column("version", "bigint"),
        Column("name", "text"),
        Column("parties", "jsonb", lambda event: json_list(event.parties)),
        Column("state", "text"),
        Column("formed_on", "date"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(AllianceFormed, AllianceDissolved),
)

VISIT: Copy[VisitRecorded] = copied(Visit, VisitRecorded)
NAMING: Copy[NamingRecorded] = copied(Naming, NamingRecorded)
QUESTIONNAIRE: Copy[QuestionnaireRecorded] = copied(Questionnaire, QuestionnaireRecorded)
