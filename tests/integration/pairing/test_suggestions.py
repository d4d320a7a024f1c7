"""Suggestions by the consumers, on the real database: made, settled, opened again, told once, decided anew in need."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.events.assessment import RatingGiven
from contracts.events.ledgers.coverage import FoundingRequired, FoundingSettled
from contracts.events.ledgers.organisations import OrganisationChanged, RecordedOrganisation
from contracts.events.pairing import RecordedSuggestion, SuggestionMade, SuggestionSettled
from contracts.examples import Example, examples
from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    CoverageDuty,
    OrganisationState,
    RatingBand,
    RatingState,
    SuggestionState,
)
from kit.ids import derived_id, new_id
from services.pairing.publish import suggestion_id_of
from tests.integration.pairing.conftest import Arrived, Pairing
from tests.integration.pairing.facts import (
    DAY,
    ELSEWHERE,
    HOME,
    NOW,
    TOWNSHIP,
    USCC,
    coverage,
    coverage_changed,
    organisation,
    rating,
)

pytestmark = pytest.mark.servers

ENTITY, A, B = (UUID(int=number) for number in (1, 10, 11))
NEXT_TOWNSHIP = "500111102000"


def words(suggestion: RecordedSuggestion) -> list[str]:
    return [one.reason for one in suggestion.reasons]


async def versions(service: Pairing) -> list[tuple[int, int]]:
    return [(row["version"], row["coverage_version"]) for row in await service.rows("SELECT * FROM suggestion")]


async def test_a_duty_makes_a_suggestion_that_follows_from_it(service: Pairing) -> None:
    await service.hears(organisation(A), rating(A, RatingBand.B))
    cause, saga = new_id(), new_id()
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    heard = service.record(coverage(ENTITY, 3), id=cause, correlation_id=saga, traceparent=trace)
    await service.takes("coverage", heard)

    [out] = await service.told()
    event = out.event
    assert isinstance(event, SuggestionMade)
    assert event.suggestion_id == suggestion_id_of(ENTITY)
    assert (event.version, event.entity_id, event.uscc) == (1, ENTITY, USCC)
    assert (event.partner_organisation_id, words(event)) == (A, ["SAME_TOWNSHIP", "RATED_WELL", "SAME_LINE"])
    assert (event.state, event.division_code, event.effective_on) == (SuggestionState.OPEN, HOME, DAY)
    assert event.recorded_at == NOW
    assert out.event_id == derived_id(cause, SuggestionMade.event_type, event.key)
    assert (out.causation_id, out.correlation_id) == (cause, saga)
    assert out.traceparent is not None
    assert out.traceparent.split("-")[1] == trace.split("-")[1]
    assert await versions(service) == [(1, 3)]


async def test_it_is_settled_and_the_same_one_opens_again(service: Pairing) -> None:
    await service.hears(organisation(A))
    later = DAY + timedelta(days=1)
    await service.hears(coverage(ENTITY, 3), coverage(ENTITY, 4, must_found=False, on=later), coverage(ENTITY, 5))
    first, settled, again = await service.suggestions()
    assert [type(one) for one in (first, settled, again)] == [SuggestionMade, SuggestionSettled, SuggestionMade]
    assert [one.version for one in (first, settled, again)] == [1, 2, 3]
    assert {one.suggestion_id for one in (first, settled, again)} == {suggestion_id_of(ENTITY)}
    assert (settled.state, settled.effective_on) == (SuggestionState.SETTLED, later)
    assert (settled.partner_organisation_id, settled.reasons) == (A, first.reasons)
    assert again.partner_organisation_id == A


async def test_events_of_one_batch_are_told_as_if_each_came_alone(service: Pairing) -> None:
    other = UUID(int=2)
    await service.hears(organisation(A))
    batch = [
        coverage(ENTITY, 3),
        coverage(other, 1),
        coverage(ENTITY, 4, must_found=False),
        coverage_changed(other, 2, CoverageDuty.MUST_FOUND),
        coverage(ENTITY, 5),
    ]
    records = [service.record(one) for one in batch]
    await service.takes("coverage", *records)
    assert [(one.entity_id, one.version, one.state.value) for one in await service.suggestions()] == [
        (ENTITY, 1, "OPEN"),
        (other, 1, "OPEN"),
        (ENTITY, 2, "SETTLED"),
        (ENTITY, 3, "OPEN"),
    ]
    assert sorted(await versions(service)) == [(1, 2), (3, 5)]


async def test_what_comes_again_tells_nothing_though_the_inbox_forgot_it(service: Pairing) -> None:
    facts = [service.record(organisation(A)), service.record(rating(A, RatingBand.A))]
    heard = [service.record(coverage(ENTITY, 3)), service.record(coverage(ENTITY, 4, must_found=False))]
    for _ in range(2):
        await service.takes("facts", *facts, *facts)
        await service.takes("coverage", *heard, *heard)
    before = await service.told()
    assert [one.event.key for one in before] == [str(suggestion_id_of(ENTITY))] * 2
    await service.rows("DELETE FROM inbox")
    await service.takes("coverage", *heard)
    await service.takes("facts", *facts)
    assert await service.told() == before
    assert await versions(service) == [(2, 4)]


@pytest.mark.parametrize("duty", [one for one in CoverageDuty if one is not CoverageDuty.MUST_FOUND])
async def test_another_duty_suggests_nobody_and_an_older_one_that_comes_late_is_known_as_such(
    service: Pairing, duty: CoverageDuty
) -> None:
    await service.hears(organisation(A), coverage_changed(ENTITY, 4, duty), coverage(ENTITY, 3))
    assert await service.suggestions() == []
    assert await versions(service) == [(0, 4)]


async def test_a_change_that_still_says_must_found_opens_as_well(service: Pairing) -> None:
    await service.hears(organisation(A), coverage_changed(ENTITY, 4, CoverageDuty.MUST_FOUND))
    assert [(one.version, one.partner_organisation_id) for one in await service.suggestions()] == [(1, A)]


async def test_nobody_is_fit_and_then_somebody_appears(service: Pairing) -> None:
    await service.hears(
        organisation(A, division=ELSEWHERE),
        organisation(B, external=True),
        organisation(UUID(int=12), covers=[UUID(int=7), ENTITY]),
        coverage(ENTITY, 3),
    )
    [nobody] = await service.suggestions()
    assert (nobody.partner_organisation_id, words(nobody)) == (None, ["NONE_FIT"])

    later = DAY + timedelta(days=2)
    cause, saga = new_id(), new_id()
    await service.takes(
        "facts", service.record(organisation(A, 2, division=NEXT_TOWNSHIP, on=later), id=cause, correlation_id=saga)
    )
    out = (await service.told())[-1]
    event = out.event
    assert isinstance(event, SuggestionMade)
    assert (event.version, event.partner_organisation_id, event.effective_on) == (2, A, later)
    assert words(event) == ["SAME_DISTRICT", "NOT_RATED_YET", "SAME_LINE"]
    assert (out.causation_id, out.correlation_id) == (cause, saga)
    assert out.event_id == derived_id(cause, SuggestionMade.event_type, event.key)


async def test_who_covers_the_entity_no_more_becomes_its_partner(service: Pairing) -> None:
    await service.hears(organisation(A, covers=[ENTITY]), coverage(ENTITY, 3), organisation(A, 2))
    assert [one.partner_organisation_id for one in await service.suggestions()] == [None, A]


@pytest.mark.parametrize(
    "gone",
    [
        organisation(A, 2, state=OrganisationState.DISSOLVED),
        organisation(A, 2, external=True),
        organisation(A, 2, division=ELSEWHERE),
        organisation(A, 2, division=UNASSIGNED_DIVISION),
        organisation(A, 2, covers=[ENTITY]),
    ],
    ids=["dissolved", "external", "left the district", "unassigned", "covers it"],
)
async def test_a_partner_that_is_gone_is_replaced_by_the_best_there_is(
    service: Pairing, gone: RecordedOrganisation
) -> None:
    best = UUID(int=12)
    await service.hears(organisation(A), coverage(ENTITY, 3), organisation(B), organisation(best))
    await service.hears(rating(best, RatingBand.B), gone)
    assert [(one.version, one.partner_organisation_id) for one in await service.suggestions()] == [(1, A), (2, best)]
    await service.hears(
        organisation(best, 2, state=OrganisationState.DISSOLVED), organisation(B, 2, state=OrganisationState.DISSOLVED)
    )
    assert [one.partner_organisation_id for one in await service.suggestions()] == [A, best, B, None]


async def test_a_better_one_replaces_nobody(service: Pairing) -> None:
    await service.hears(organisation(A), coverage(ENTITY, 3), organisation(B), rating(B, RatingBand.A))
    assert [one.partner_organisation_id for one in await service.suggestions()] == [A]
    await service.hears(rating(A, RatingBand.D), coverage_changed(ENTITY, 4, CoverageDuty.MUST_FOUND))
    assert [one.partner_organisation_id for one in await service.suggestions()] == [A, A]


async def test_the_reasons_follow_the_rating_of_the_partner_that_stays(service: Pairing) -> None:
    withdrawn = rating(A, RatingBand.A, 2, state=RatingState.WITHDRAWN)
    await service.hears(organisation(A), coverage(ENTITY, 3), rating(A, RatingBand.A), withdrawn)
    assert [words(one)[1] for one in await service.suggestions()] == ["NOT_RATED_YET", "RATED_WELL", "NOT_RATED_YET"]


async def test_of_ratings_by_several_schemes_the_newest_counts(service: Pairing) -> None:
    newer, older = uuid4(), uuid4()
    await service.hears(
        organisation(A),
        rating(A, RatingBand.A, rating_id=newer, on=DAY),
        rating(A, RatingBand.D, rating_id=older, on=DAY - timedelta(days=366)),
        coverage(ENTITY, 3),
    )
    assert [words(one)[1] for one in await service.suggestions()] == ["RATED_WELL"]


async def test_an_organisation_s_older_state_that_comes_late_changes_nothing(service: Pairing) -> None:
    dissolved = organisation(A, 2, state=OrganisationState.DISSOLVED)
    await service.hears(dissolved, coverage(ENTITY, 3), organisation(A, 1))
    assert [one.partner_organisation_id for one in await service.suggestions()] == [None]


async def test_of_two_states_in_one_batch_each_district_is_looked_at(service: Pairing) -> None:
    await service.hears(coverage(ENTITY, 3))
    here, late = service.record(organisation(A, 2)), service.record(organisation(A, 1, division=ELSEWHERE))
    await service.takes("facts", here, late)
    assert [one.partner_organisation_id for one in await service.suggestions()] == [None, A]


async def test_an_entity_without_a_division_has_no_partner(service: Pairing) -> None:
    await service.hears(
        organisation(A, division=UNASSIGNED_DIVISION), coverage(ENTITY, 3, division=UNASSIGNED_DIVISION)
    )
    assert [one.partner_organisation_id for one in await service.suggestions()] == [None]


async def test_a_record_that_can_t_be_read_is_set_aside_and_the_rest_goes_on(service: Pairing) -> None:
    broken = Arrived(b"k", b"{", service.record(coverage(ENTITY, 3)).headers, FoundingRequired.topic, 0)
    await service.takes("coverage", broken, service.record(coverage(ENTITY, 3)))
    assert [row["state"] for row in await service.rows("SELECT state FROM suggestion")] == ["OPEN"]
    assert len(await service.rows("SELECT FROM dead_letter WHERE consumer = 'pairing.coverage'")) == 1


def arrived(example: Example, offset: int) -> Arrived:
    topic = "-".join(example.event_type.split(".")[2:4])
    return Arrived(example.key, example.raw, example.headers, topic, offset)


async def test_the_contract_s_examples_are_taken_in_as_they_are(service: Pairing) -> None:
    """They tell one story: a neighbour is rated, a third member comes, a branch of its own is founded."""
    by_name = {
        (one.event_type, one.name): one
        for event in (OrganisationChanged, RatingGiven, FoundingRequired, FoundingSettled)
        for one in examples(event.event_type)
    }
    neighbour = arrived(by_name[OrganisationChanged.event_type, "joint-of-two-full"], 1)
    await service.takes("facts", neighbour, arrived(by_name[RatingGiven.event_type, "explained-full"], 2))
    await service.takes("coverage", arrived(by_name[FoundingRequired.event_type, "third-member-full"], 1))
    await service.takes("coverage", arrived(by_name[FoundingSettled.event_type, "own-founded-full"], 2))
    made, settled = await service.told()
    assert isinstance(made.event, SuggestionMade)
    # the neighbour of that example covers the entity
    assert words(made.event) == ["NONE_FIT"]
    assert isinstance(settled.event, SuggestionSettled)
    required, founded = (
        dict(by_name[event.event_type, name].headers)
        for event, name in ((FoundingRequired, "third-member-full"), (FoundingSettled, "own-founded-full"))
    )
    for out, headers in ((made, required), (settled, founded)):
        assert str(out.causation_id).encode() == headers["ce_id"]
        assert str(out.correlation_id).encode() == headers["ce_correlationid"]
    assert {one.event.key for one in (made, settled)} == {str(suggestion_id_of(UUID(str(_entity_of(by_name)))))}


def _entity_of(by_name: dict[tuple[str, str], Example]) -> object:
    return by_name[FoundingRequired.event_type, "third-member-full"].data["entity_id"]


async def test_every_example_of_what_is_heard_is_understood(service: Pairing) -> None:
    for what, consumer in service.consumers.items():
        types = sorted(consumer._decoder._models)
        heard = [one for event_type in types for one in examples(event_type)]
        await service.takes(what, *(arrived(one, offset) for offset, one in enumerate(heard)))
    assert await service.rows("SELECT reason, detail FROM dead_letter") == []
    counts = [
        (await service.rows(f"SELECT count(*) FROM {table}"))[0]["count"]  # noqa: S608 - a test's own words
        for table in ("entity", "organisation", "rating", "cadre", "division", "suggestion")
    ]
    assert counts == [2, 4, 1, 2, 2, 2]
    assert TOWNSHIP in {row["division_code"] for row in await service.rows("SELECT division_code FROM division")}
