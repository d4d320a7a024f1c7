"""What the size of an organisation asks for, by the rules of the day on which it was counted (domain rule 2)."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, case, false, literal_column, null

from contracts.rules.organisations import COMMITTEE_RULES, SIZE_RULES, CommitteeRule, Rule, SizeRule
from contracts.vocabulary import OrganisationForm
from gateway.graphql.json_sql import word_literal
from gateway.graphql.rows import Row

SIZE_SOURCES: Final = "; ".join(one.source for one in SIZE_RULES)
"""Where the rules on form by size are written."""
COMMITTEE_SOURCES: Final = "; ".join(one.source for one in COMMITTEE_RULES)
"""Where the rules on committees of branches are written."""


def suggested_form(membership: Row) -> ColumnElement[Any]:
    """Return the form that the members related to an organisation suggest; null where they suggest none."""

    def suggested(rule: SizeRule) -> ColumnElement[Any]:
        related = membership["related"]
        return case(
            (related > _number(rule.committee_over), word_literal(OrganisationForm.COMMITTEE)),
            (related > _number(rule.general_branch_over), word_literal(OrganisationForm.GENERAL_BRANCH)),
            else_=null(),
        )

    return _by_day(SIZE_RULES, membership, suggested, null())


def needs_committee(membership: Row) -> ColumnElement[Any]:
    """Return whether the full members related to an organisation are so many that it has a committee."""

    def needs(rule: CommitteeRule) -> ColumnElement[Any]:
        return membership["full_related"] >= _number(rule.full_members)

    return _by_day(COMMITTEE_RULES, membership, needs, false())


def _by_day(
    rules: Sequence[Rule], membership: Row, decided: Callable[[Rule], ColumnElement[Any]], otherwise: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return what the rule of the day of the figures decides."""
    return case(
        *(
            (
                membership["effective_on"] >= literal_column(f"'{rule.valid_from.isoformat()}'::date", Date),
                decided(rule),
            )
            for rule in reversed(rules)
        ),
        else_=otherwise,
    )


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)
