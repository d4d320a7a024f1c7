"""What held on a day as known at a moment, against a plain recomputation: state by state, day by day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import Bureau, EntityKind, EntityState
from services.ledgers.domain.entity_history import FACTS, EntityVersion, held_on, spans

FIRST = date(2024, 1, 1)
NOON = datetime(2024, 6, 1, 4, 0, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=number) for number in range(-1, 12)]


def version(number: int, day: int, moment: int, name: str = "五金", division: str = "500111001000") -> EntityVersion:
    return EntityVersion(
        registration_version=number,
        uscc="91999999MA0000001N",
        name=name,
        kind=EntityKind.MICRO_SMALL_ENTERPRISE,
        state=EntityState.ACTIVE,
        division_code=division,
        bureau=Bureau.MARKET_REGULATION,
        registered_on=None,
        effective_on=FIRST + timedelta(days=day),
        recorded_at=NOON + timedelta(hours=moment),
    )


def test_a_correction_of_the_past_holds_from_its_day_on_and_only_since_it_was_known() -> None:
    first, moved, corrected = version(1, 0, 0), version(2, 8, 1, name="乙"), version(3, 4, 2, name="丙")
    every = [moved, corrected, first]
    now, before = spans(every, NOON + timedelta(hours=2)), spans(every, NOON + timedelta(hours=1))
    assert [(one.version.name, one.until, one.superseded, one.changed) for one in now] == [
        ("丙", None, False, ("name",)),
        ("乙", None, True, ("name",)),
        ("五金", FIRST + timedelta(days=3), False, ()),
    ]
    assert [(one.version.name, one.until, one.superseded) for one in before] == [
        ("乙", None, False),
        ("五金", FIRST + timedelta(days=7), False),
    ]
    assert held_on(now, FIRST - timedelta(days=1)) is None


def test_what_changed_is_named_in_one_order() -> None:
    moved = version(2, 1, 1, name="乙", division="500111002000")
    [newest, _] = spans([version(1, 0, 0), moved], NOON + timedelta(days=1))
    assert newest.changed == ("name", "division_code")
    assert set(newest.changed) < set(FACTS)


@st.composite
def _histories(draw: st.DrawFn) -> list[EntityVersion]:
    """States whose days go back and forth, and some of which were heard after newer ones."""
    drawn = draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), st.sampled_from("甲乙丙")), min_size=1, max_size=7)
    )
    versions = [version(number, day, moment, name) for number, (day, moment, name) in enumerate(drawn, 1)]
    return draw(st.permutations(versions))


@given(history=_histories(), moment=st.integers(-1, 6))
def test_any_history_answers_as_if_each_state_were_written_over_the_days_from_its_own_on(
    history: list[EntityVersion], moment: int
) -> None:
    known_at = NOON + timedelta(hours=moment)
    written: dict[date, EntityVersion] = {}
    for one in sorted(history, key=lambda one: one.registration_version):
        if one.recorded_at <= known_at:
            written |= {day: one for day in DAYS if day >= one.effective_on}
    found = spans(history, known_at)
    for day in DAYS:
        held = held_on(found, day)
        assert (held and held.version) == written.get(day)
    for span in found:
        days = [day for day in DAYS if written.get(day) is span.version]
        assert span.superseded == (not days)
        assert (span.until or DAYS[-1]) == (days[-1] if days else DAYS[-1])
