"""Who is the best partner: fit or not, one total order that nothing but the facts decides, a partner that stays."""

from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.pairing import SuggestionMade
from contracts.examples import examples
from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, OrganisationState, RatingBand
from services.pairing.domain.partner import Entity, Organisation, Rating, choose, is_fit, rank

HOME, NEXT_TOWNSHIP, OTHER_DISTRICT, DISTRICT = "500111101003", "500111102000", "500112101000", "500111000000"
LINE = Bureau.MARKET_REGULATION
NEEDY = Entity(UUID(int=99), HOME, LINE)


def organisation(
    number: int,
    *,
    division: str = HOME,
    bureau: Bureau = LINE,
    band: RatingBand | None = None,
    points: str = "0",
    state: OrganisationState = OrganisationState.ACTIVE,
    external: bool = False,
    covers: frozenset[UUID] = frozenset(),
) -> Organisation:
    return Organisation(
        organisation_id=UUID(int=number),
        state=state,
        external=external,
        division_code=division,
        bureau=bureau,
        rating=None if band is None else Rating(band, Decimal(points)),
        covers=covers,
    )


ORGANISATIONS = st.lists(
    st.builds(
        organisation,
        st.integers(1, 50),
        division=st.sampled_from([HOME, "500111101000", NEXT_TOWNSHIP, DISTRICT, OTHER_DISTRICT, UNASSIGNED_DIVISION]),
        bureau=st.sampled_from([LINE, Bureau.CIVIL_AFFAIRS]),
        band=st.sampled_from([None, *RatingBand]),
        points=st.sampled_from(["0", "59.99", "60", "86.67"]),
        state=st.sampled_from(OrganisationState),
        external=st.booleans(),
        covers=st.sampled_from([frozenset[UUID](), frozenset({NEEDY.entity_id}), frozenset({UUID(int=98)})]),
    ),
    unique_by=lambda one: one.organisation_id,
    max_size=12,
)
ENTITIES = st.builds(
    Entity,
    st.just(NEEDY.entity_id),
    st.sampled_from([HOME, NEXT_TOWNSHIP, DISTRICT, UNASSIGNED_DIVISION]),
    st.sampled_from([LINE, Bureau.AGRICULTURE]),
)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (organisation(9, band=RatingBand.B, division=NEXT_TOWNSHIP), organisation(1)),
        (organisation(9, band=RatingBand.A, points="80"), organisation(1, band=RatingBand.B, points="79")),
        (organisation(9, division=NEXT_TOWNSHIP), organisation(1, band=RatingBand.C, points="99")),
        (organisation(9), organisation(1, band=RatingBand.D)),
        (organisation(9, bureau=Bureau.OTHER), organisation(1, division=NEXT_TOWNSHIP)),
        (organisation(9), organisation(1, division=DISTRICT)),
        (
            organisation(9, band=RatingBand.B, points="60"),
            organisation(1, band=RatingBand.A, points="99", bureau=Bureau.OTHER),
        ),
        (organisation(9, band=RatingBand.C, points="50"), organisation(1, band=RatingBand.D, points="49.99")),
        (organisation(1), organisation(9)),
    ],
)
def test_the_better_one_is_chosen_by_the_first_difference(better: Organisation, worse: Organisation) -> None:
    for order in ([better, worse], [worse, better]):
        assert choose(NEEDY, order, None).partner_organisation_id == better.organisation_id


@pytest.mark.parametrize(
    "unfit",
    [
        organisation(1, state=OrganisationState.DISSOLVED),
        organisation(1, external=True),
        organisation(1, division=OTHER_DISTRICT),
        organisation(1, division=UNASSIGNED_DIVISION),
        organisation(1, covers=frozenset({NEEDY.entity_id})),
    ],
)
def test_who_is_not_fit_is_chosen_by_nobody_and_does_not_stay(unfit: Organisation) -> None:
    for present in (None, unfit.organisation_id):
        choice = choose(NEEDY, [unfit], present)
        assert choice.partner_organisation_id is None
        assert [one.reason for one in choice.reasons] == ["NONE_FIT"]
    assert choose(NEEDY, [unfit, organisation(2)], unfit.organisation_id).partner_organisation_id == UUID(int=2)


def test_an_entity_without_a_division_has_no_partner_though_an_organisation_has_none_either() -> None:
    unassigned = Entity(NEEDY.entity_id, UNASSIGNED_DIVISION, LINE)
    choice = choose(unassigned, [organisation(1, division=UNASSIGNED_DIVISION), organisation(2)], None)
    assert choice.partner_organisation_id is None
    assert [(one.reason, one.text_zh) for one in choice.reasons] == [
        ("NONE_FIT", "该主体尚未分配行政区划，暂无法推荐。")
    ]


@pytest.mark.parametrize(
    ("partner", "reasons"),
    [
        (organisation(1, band=RatingBand.A), ["SAME_TOWNSHIP", "RATED_WELL", "SAME_LINE"]),
        (organisation(1, division=NEXT_TOWNSHIP), ["SAME_DISTRICT", "NOT_RATED_YET", "SAME_LINE"]),
        (organisation(1, band=RatingBand.C, bureau=Bureau.OTHER), ["SAME_TOWNSHIP", "RATED_LOW"]),
    ],
)
def test_each_reason_is_told_in_both_languages(partner: Organisation, reasons: list[str]) -> None:
    choice = choose(NEEDY, [partner], None)
    assert [one.reason for one in choice.reasons] == reasons
    for one in choice.reasons:
        assert one.text.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in one.text_zh)


def test_two_of_the_district_itself_are_of_no_common_township() -> None:
    entity = Entity(NEEDY.entity_id, DISTRICT, LINE)
    assert choose(entity, [organisation(1, division=DISTRICT)], None).reasons[0].reason == "SAME_DISTRICT"


def test_the_reasons_are_worded_as_in_the_contract() -> None:
    contract = {
        one.reason: one
        for example in examples(SuggestionMade.event_type)
        for one in SuggestionMade.model_validate_json(example.raw).reasons
    }
    choices = (choose(NEEDY, [organisation(1, band=RatingBand.A)], None), choose(NEEDY, [], None))
    said = {one.reason: one for choice in choices for one in choice.reasons}
    assert set(contract) == {"SAME_TOWNSHIP", "RATED_WELL", "NONE_FIT"}
    for word, reason in contract.items():
        assert (said[word].text, said[word].text_zh) == (reason.text, reason.text_zh)


@given(ENTITIES, ORGANISATIONS, st.randoms(use_true_random=False))
def test_the_choice_is_the_best_fit_one_in_whatever_order_they_are_known(
    entity: Entity,
    organisations: list[Organisation],
    random: Random,
) -> None:
    shuffled = list(organisations)
    random.shuffle(shuffled)
    choice = choose(entity, organisations, None)
    assert choose(entity, shuffled, None) == choice
    ranks = {rank(one, entity): one.organisation_id for one in organisations if is_fit(one, entity)}
    assert len(ranks) == sum(is_fit(one, entity) for one in organisations), "no two are equal"
    assert choice.partner_organisation_id == (ranks[min(ranks)] if ranks else None)


@given(ENTITIES, ORGANISATIONS, st.integers(1, 50))
def test_the_present_partner_stays_if_and_only_if_it_is_fit(
    entity: Entity, organisations: list[Organisation], present: int
) -> None:
    choice = choose(entity, organisations, UUID(int=present))
    fit = {one.organisation_id for one in organisations if is_fit(one, entity)}
    if UUID(int=present) in fit:
        assert choice.partner_organisation_id == UUID(int=present)
    else:
        assert choice == choose(entity, organisations, None)
