"""Decoding: every record becomes an event, a fault with its reason, a type to skip or a version to wait for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.decoding import Decoded, Decoder, Fault, HigherVersion, UnknownType
from kit.faults import Reason
from tests.unit.kit.records import BODY, AmountGiven, AmountGivenThird, FakeRecord, headers, record

DECODER = Decoder(AmountGiven)
NAME = "王小明"


def _without(name: str) -> FakeRecord:
    return FakeRecord(BODY, tuple(one for one in headers() if one[0] != name))


def _with(name: str, value: bytes | None) -> FakeRecord:
    return FakeRecord(BODY, tuple((one, value if one == name else there) for one, there in headers()))


def test_a_good_record_is_read_with_its_envelope() -> None:
    given_record = record()
    outcome = DECODER.decode(given_record)
    assert isinstance(outcome, Decoded)
    assert outcome.record is given_record
    assert (outcome.event.amount, outcome.event.note, outcome.envelope.source) == (5, "谢谢", "/lianhe/tally")


def test_unknown_fields_and_foreign_headers_are_ignored() -> None:
    later = record(BODY[:-1] + b',"added":{"later":true}}')
    outcome = DECODER.decode(replace(later, headers=(*later.headers, ("x-bureau", None), ("x-bureau", b"\xff"))))
    assert isinstance(outcome, Decoded)
    assert outcome.event.amount == 5


@pytest.mark.parametrize(
    ("bad", "detail"),
    [
        (FakeRecord(BODY, ()), "HEADER_MISSING: ce_specversion is missing: the record is no CloudEvent in binary mode"),
        (_without("ce_id"), "HEADER_MISSING: ce_id is missing or null"),
        (_without("ce_type"), "HEADER_MISSING: ce_type is missing or null"),
        (_without("content-type"), "HEADER_MISSING: content-type is missing"),
        (_with("ce_subject", None), "HEADER_MISSING: ce_subject is missing or null"),
        (_with("ce_source", b"/lianhe/\xff"), "HEADER_NOT_UTF8: ce_source is not UTF-8 at byte 8"),
        (_with("ce_type", b"cn.lianhe.\xff"), "HEADER_NOT_UTF8: ce_type is not UTF-8 at byte 10"),
        (_with("ce_type", b""), "HEADER_INVALID: ce_type is empty"),
        (_with("ce_id", b"17"), "HEADER_INVALID: ce_id is not a UUID in its 36 characters"),
        (_with("ce_time", b"yesterday"), "HEADER_INVALID: ce_time is not a moment as RFC 3339 writes it"),
        (FakeRecord(BODY, (*headers(), headers()[1])), "HEADER_DUPLICATE: ce_id is there more than once"),
    ],
)
def test_headers_that_cannot_be_read_are_a_fault_that_names_the_header(bad: FakeRecord, detail: str) -> None:
    assert DECODER.decode(bad) == Fault(bad, Reason.HEADERS_INVALID, detail, None)


@pytest.mark.parametrize(
    "bad",
    [
        FakeRecord(BODY, headers(), key=None),
        FakeRecord(BODY, headers(), key=b"01977f3e-0000-7000-8000-0000000000ab"),
        FakeRecord(BODY, headers(), key=b"\xff"),
        _with("ce_subject", b"01977f3e-0000-7000-8000-0000000000ab"),
        FakeRecord(BODY.replace(b"aa", b"ab"), headers()),
    ],
)
def test_a_record_whose_key_subject_and_body_mean_different_aggregates_is_a_fault(bad: FakeRecord) -> None:
    assert DECODER.decode(bad) == Fault(
        bad, Reason.KEY_MISMATCH, "record key, ce_subject and the body's id differ", AmountGiven.event_type
    )


def test_a_record_without_a_body_is_a_fault() -> None:
    bad = record(None)
    assert DECODER.decode(bad) == Fault(bad, Reason.BODY_MISSING, "the record has no body", AmountGiven.event_type)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "body: json_invalid"),
        (b"\xff\xfe", "body: json_invalid"),
        (b'{"account"', "body: json_invalid"),
        (b"[]", "body: model_type"),
        (b"null", "body: model_type"),
        (b"{}", "account: missing; amount: missing"),
        (b'{"account":"x","amount":"\xe7\x8e\x8b"}', "account: uuid_parsing; amount: int_parsing"),
    ],
)
def test_a_body_that_breaks_its_schema_is_a_fault_that_names_the_places(body: bytes, detail: str) -> None:
    bad = record(body)
    assert DECODER.decode(bad) == Fault(bad, Reason.BODY_INVALID, detail, AmountGiven.event_type)


@pytest.mark.parametrize(
    "event_type",
    [
        "cn.lianhe.tally.amount.taken.v1",
        "cn.lianhe.other.amount.given.v9",
        "com.example.x",
        "com.example.amount.given.v2",
        "cn.lianhe.tally.amount.given",
        "cn.lianhe.tally.amount.given.v0",
        "cn.lianhe.tally.amount.given.v02",
        "cn.lianhe.tally.amount.given.v10000",
        "入账",
        " ",
    ],
)
def test_a_type_that_is_not_taken_in_is_skipped_whatever_it_is_called(event_type: str) -> None:
    other = record(b"\xff no JSON at all", event_type)
    assert DECODER.decode(other) == UnknownType(other)


@given(event_type=st.text(min_size=1, max_size=60).filter(lambda text: text.isascii() or text.isprintable()))
def test_any_text_as_a_type_is_skipped_unless_it_is_known(event_type: str) -> None:
    assert isinstance(DECODER.decode(record(BODY, event_type)), UnknownType)


@pytest.mark.parametrize("version", [2, 3, 9999])
def test_a_higher_version_of_a_known_family_waits(version: int) -> None:
    newer = record(b"what only a newer release reads", f"cn.lianhe.tally.amount.given.v{version}")
    assert DECODER.decode(newer) == HigherVersion(newer, f"cn.lianhe.tally.amount.given.v{version}")


def test_several_versions_of_a_family_are_read_each_by_its_own_model() -> None:
    both = Decoder[AmountGiven](AmountGiven, AmountGivenThird)
    first, third = (
        both.decode(record()),
        both.decode(record(BODY[:-1] + b',"currency":"CNY"}', "cn.lianhe.tally.amount.given.v3")),
    )
    assert isinstance(first, Decoded)
    assert type(first.event) is AmountGiven
    assert isinstance(third, Decoded)
    assert type(third.event) is AmountGivenThird
    assert isinstance(both.decode(record(BODY, "cn.lianhe.tally.amount.given.v4")), HigherVersion)
    assert isinstance(both.decode(record(BODY, "cn.lianhe.tally.amount.given.v2")), UnknownType)


def test_no_detail_holds_a_value_of_the_record() -> None:
    body = f'{{"account":"{NAME}","amount":"{NAME}","note":7,"{NAME}":1}}'.encode()
    bad = [record(body), _with("ce_id", NAME.encode()), _with("ce_time", NAME.encode())]
    for one in bad:
        outcome = DECODER.decode(one)
        assert isinstance(outcome, Fault)
        assert NAME not in outcome.detail


@given(
    value=st.none() | st.binary(max_size=40),
    found=st.lists(
        st.tuples(
            st.sampled_from([name for name, _ in headers()]) | st.text(max_size=8), st.none() | st.binary(max_size=40)
        ),
        max_size=12,
    ),
)
def test_decoding_never_raises(value: bytes | None, found: list[tuple[str, bytes | None]]) -> None:
    outcome = DECODER.decode(FakeRecord(value, tuple(found)))
    assert isinstance(outcome, Fault | UnknownType)
    if isinstance(outcome, Fault):
        assert len(outcome.detail) <= 500
