"""Limits: at how many bad records a consumer stops, to the record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.faults import HaltedError, Limits

Batch = list[bool]


def _feed(limits: Limits, batches: list[Batch]) -> int:
    """Feed batches until the limits halt; return how many were taken."""
    for taken, batch in enumerate(batches):
        try:
            limits.check(batch)
        except HaltedError:
            return taken
        limits.took(batch)
    return len(batches)


def _bad(count: int) -> Batch:
    return [False] * count


def _good(count: int) -> Batch:
    return [True] * count


def test_as_many_in_a_row_as_the_limit_pass_and_one_more_halts() -> None:
    assert _feed(Limits(), [_bad(100)]) == 1
    with pytest.raises(HaltedError, match=r"^101 bad records in a row, the limit is 100$"):
        Limits().check(_bad(101))


def test_a_row_goes_on_over_batches_until_a_good_record() -> None:
    limits = Limits(in_a_row=3)
    assert _feed(limits, [_bad(2), _bad(1)]) == 2
    with pytest.raises(HaltedError, match=r"^4 bad records in a row"):
        limits.check(_bad(1))
    limits.took(_good(1))
    assert _feed(limits, [_bad(3)]) == 1


def test_a_row_is_counted_within_a_batch_by_the_order_of_its_records() -> None:
    spread = Limits(in_a_row=3)
    assert _feed(spread, [[False, False, False, True] * 5]) == 1
    assert _feed(spread, [_bad(3)]) == 1, "the batch before ended with a good one"
    with pytest.raises(HaltedError, match=r"^4 bad records in a row"):
        Limits(in_a_row=3).check([True, *_bad(4), True])


def test_a_batch_that_ends_badly_begins_the_next_ones_row() -> None:
    limits = Limits(in_a_row=3)
    limits.took([*_bad(3), True, *_bad(2)])
    with pytest.raises(HaltedError, match=r"^4 bad records in a row"):
        limits.check(_bad(2))


def test_a_share_equal_to_the_limit_passes_and_one_more_halts() -> None:
    exactly = [False, True, True, True, True] * 200
    assert _feed(Limits(), [exactly]) == 1
    with pytest.raises(HaltedError, match=r"^201 bad records of the last 1000, the limit is 20%$"):
        Limits().check([*exactly[:-1], False])


def test_the_share_counts_only_once_the_window_is_full() -> None:
    half = [False, True]
    assert _feed(Limits(), [half * 499, [True]]) == 2
    with pytest.raises(HaltedError, match=r"^500 bad records of the last 1000"):
        Limits().check(half * 500)


def test_what_left_the_window_is_forgotten() -> None:
    limits = Limits(in_a_row=10, window=10, share=0.5)
    assert _feed(limits, [_bad(5), _good(5), _good(5), _bad(5)]) == 4
    assert _feed(limits, [_good(10), _bad(1)]) == 2


def test_a_batch_that_was_refused_leaves_no_trace() -> None:
    limits = Limits(in_a_row=3)
    for _ in range(3):
        with pytest.raises(HaltedError):
            limits.check(_bad(4))
    assert _feed(limits, [_bad(3)]) == 1


def test_a_batch_of_good_records_always_passes() -> None:
    limits = Limits(in_a_row=1, window=1, share=0.0)
    limits.took(_bad(1))
    limits.check(_good(1))
    limits.check([])


@given(
    batches=st.lists(st.lists(st.booleans(), min_size=1, max_size=8), max_size=30),
    in_a_row=st.integers(1, 6),
    window=st.integers(1, 20),
    percent=st.integers(0, 100),
)
def test_it_never_halts_within_its_limits_and_always_beyond_the_row(
    batches: list[Batch], in_a_row: int, window: int, percent: int
) -> None:
    taken = _feed(Limits(in_a_row=in_a_row, window=window, share=percent / 100), batches)
    passed = [outcome for batch in batches[:taken] for outcome in batch]
    assert _longest_row(passed) <= in_a_row
    if taken < len(batches):
        offending = [*passed, *batches[taken]]
        row = _longest_row(offending)
        # The window holds whole batches: the last ones that reach its length, and the one at hand.
        shares = [offending[start:] for start in range(len(offending)) if len(offending) - start >= window]
        over = any(100 * last.count(False) > percent * len(last) for last in shares)
        assert row > in_a_row or over


def _longest_row(outcomes: Batch) -> int:
    longest = row = 0
    for good in outcomes:
        row = 0 if good else row + 1
        longest = max(longest, row)
    return longest
