"""The envelope: what is written can be read, what can't be read is refused with one typed error, and nothing else."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from contracts.asyncapi import HEADERS_SCHEMA
from contracts.envelope import Envelope, EnvelopeError, family_and_version

ID = "018de2fb-636e-7d60-b026-f83d37dfb2a5"
OTHER_ID = "018de2fb-636e-7e04-b8fe-39955949bb5d"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
RIGHT = {
    "ce_specversion": b"1.0",
    "ce_id": ID.encode(),
    "ce_source": b"/lianhe/registration",
    "ce_type": b"cn.lianhe.registration.entity.registered.v1",
    "ce_time": b"2024-02-28T10:15:00+08:00",
    "ce_subject": b"018de2fb-6230-7602-9917-cc477a74ce2c",
    "content-type": b"application/json",
}
OPTIONAL = {"ce_correlationid": OTHER_ID.encode(), "ce_causationid": ID.encode(), "traceparent": TRACE.encode()}

words = st.from_regex(r"[a-z]{1,9}(-[a-z]{1,9}){0,2}", fullmatch=True)
envelopes = st.builds(
    Envelope,
    id=st.uuids(),
    source=words.map(lambda word: f"/lianhe/{word}"),
    type=st.builds(
        "cn.lianhe.{}.{}.{}.v{}".format, st.from_regex("[a-z]{1,9}", fullmatch=True), words, words, st.integers(1, 9999)
    ),
    time=st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()),  # noqa: DTZ001 - Hypothesis adds the zone
    subject=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    correlation_id=st.none() | st.uuids(),
    causation_id=st.none() | st.uuids(),
    traceparent=st.none() | st.just(TRACE),
)
header_values = st.none() | st.binary(max_size=80) | st.sampled_from([*RIGHT.values(), *OPTIONAL.values()])


def headers(**changed: bytes | None) -> list[tuple[str, bytes | None]]:
    """The right headers with some changed; `_` stands for `-`-less names as they are."""
    named = {name.replace("content_type", "content-type"): value for name, value in changed.items()}
    return list((RIGHT | named).items())


def refused(found: list[tuple[str, bytes | None]]) -> tuple[str, str]:
    with pytest.raises(EnvelopeError) as caught:
        Envelope.decode(found)
    return caught.value.reason, caught.value.detail


@given(envelopes)
def test_what_is_written_is_read(envelope: Envelope) -> None:
    # in UTC, since a moment that summer time skips equals no moment of another zone
    assert Envelope.decode(envelope.encode()) == envelope._replace(time=envelope.time.astimezone(UTC))


@given(envelopes)
def test_what_is_written_fits_the_published_schema(formats: FormatChecker, envelope: Envelope) -> None:
    found = {name: value.decode() for name, value in envelope.encode()}
    Draft7Validator(HEADERS_SCHEMA, format_checker=formats).validate(found)


def refusal(found: list[tuple[str, bytes | None]]) -> EnvelopeError | None:
    try:
        Envelope.decode(found)
    except EnvelopeError as error:
        return error
    return None


@given(st.lists(st.tuples(st.sampled_from([*RIGHT, *OPTIONAL, "other"]) | st.text(), header_values)))
def test_any_headers_are_read_or_refused_with_the_one_error(found: list[tuple[str, bytes | None]]) -> None:
    error = refusal(found)
    assert error is None or error.reason in {"HEADER_MISSING", "HEADER_DUPLICATE", "HEADER_NOT_UTF8", "HEADER_INVALID"}


@given(st.sampled_from([*RIGHT, *OPTIONAL]), header_values)
def test_one_wrong_header_among_right_ones_is_read_or_refused_by_its_name(name: str, value: bytes | None) -> None:
    error = refusal(list((RIGHT | OPTIONAL | {name: value}).items()))
    assert error is None or error.detail.startswith(f"{name} ")


@given(st.text())
def test_any_type_is_split_or_refused_with_the_one_error(event_type: str) -> None:
    try:
        family, version = family_and_version(event_type)
    except EnvelopeError:
        return
    assert f"{family}.v{version}" == event_type


def test_the_attributes_are_read() -> None:
    assert Envelope.decode(list((RIGHT | OPTIONAL).items())) == Envelope(
        id=UUID(ID),
        source="/lianhe/registration",
        type="cn.lianhe.registration.entity.registered.v1",
        time=datetime(2024, 2, 28, 2, 15, tzinfo=UTC),
        subject="018de2fb-6230-7602-9917-cc477a74ce2c",
        correlation_id=UUID(OTHER_ID),
        causation_id=UUID(ID),
        traceparent=TRACE,
    )


def test_the_headers_are_written_as_cloudevents_names_them() -> None:
    told_at = datetime(2024, 2, 28, 10, 15, tzinfo=timezone(timedelta(hours=8)))
    envelope = Envelope(
        UUID(ID), "/lianhe/ledgers", "cn.lianhe.ledgers.entity.recorded.v2", told_at, "王", UUID(OTHER_ID)
    )
    assert envelope.encode() == [
        ("ce_specversion", b"1.0"),
        ("ce_id", ID.encode()),
        ("ce_source", b"/lianhe/ledgers"),
        ("ce_type", b"cn.lianhe.ledgers.entity.recorded.v2"),
        ("ce_time", b"2024-02-28T02:15:00Z"),
        ("ce_subject", "王".encode()),
        ("ce_correlationid", OTHER_ID.encode()),
        ("content-type", b"application/json"),
    ]


@pytest.mark.parametrize("name", RIGHT)
def test_a_required_header_that_is_missing_is_named(name: str) -> None:
    reason, detail = refused([(other, value) for other, value in RIGHT.items() if other != name])
    assert (reason, detail.split()[0]) == ("HEADER_MISSING", name)


@pytest.mark.parametrize("name", RIGHT | {name: b"" for name in OPTIONAL if name != "traceparent"})
def test_a_header_that_is_there_twice_is_named(name: str) -> None:
    twice = (RIGHT | OPTIONAL)[name]
    found: list[tuple[str, bytes | None]] = [*(RIGHT | OPTIONAL).items(), (name, twice)]
    assert refused(found) == ("HEADER_DUPLICATE", f"{name} is there more than once")


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_causationid"])
def test_a_header_that_is_not_utf8_is_named(name: str) -> None:
    value = b"\xc3\x28" + b"a" * 34
    assert refused(headers(**{name: value})) == ("HEADER_NOT_UTF8", f"{name} is not UTF-8 at byte 0")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_specversion", b"0.3"),
        ("ce_specversion", None),
        ("ce_id", b"42"),
        ("ce_id", b"018de2fb636e7d60b026f83d37dfb2a5"),
        ("ce_id", b"0123456789abcdef"),
        ("ce_correlationid", b""),
        ("ce_source", b"/other/registration"),
        ("ce_source", b"/lianhe/registration/"),
        ("ce_type", b""),
        ("ce_time", b"2024-02-28T10:15:00"),
        ("ce_time", b"2024-02-28 10:15:00Z"),
        ("ce_time", b"2024-02-28T10:15Z"),
        ("ce_time", b"20240228T101500Z"),
        ("ce_time", b"2024-02-30T10:15:00Z"),
        ("ce_time", b"0001-01-01T00:00:00+14:00"),
        ("ce_time", b"1709086500"),
        ("ce_subject", b""),
        ("content_type", b"application/cloudevents+json"),
        ("content_type", b"text/json"),
    ],
)
def test_a_malformed_header_is_named_and_its_value_is_not_repeated(name: str, value: bytes | None) -> None:
    reason, detail = refused(headers(**{name: value}))
    assert (reason, detail.split()[0]) == ("HEADER_INVALID", name.replace("content_type", "content-type"))
    assert not value or value.decode() not in detail


@pytest.mark.parametrize("value", [b"application/json; charset=utf-8", b"Application/JSON", b"application/json ;a=b"])
def test_json_may_be_said_in_other_words(value: bytes) -> None:
    assert Envelope.decode(headers(content_type=value)).id == UUID(ID)


def test_a_null_where_nothing_is_needed_is_nothing() -> None:
    assert Envelope.decode(headers(ce_causationid=None)).causation_id is None


@pytest.mark.parametrize(
    "value", [b"", b"\xff\xfe", b"00-0-0-01", TRACE.upper().encode(), b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01"]
)
def test_a_bad_trace_does_not_keep_a_fact_out(value: bytes) -> None:
    assert Envelope.decode(headers(traceparent=value)).traceparent is None


def test_a_doubled_trace_is_forgotten() -> None:
    found: list[tuple[str, bytes | None]] = [
        *headers(),
        ("traceparent", TRACE.encode()),
        ("traceparent", TRACE.encode()),
    ]
    assert Envelope.decode(found).traceparent is None


def test_headers_of_others_are_left_alone_even_twice() -> None:
    found: list[tuple[str, bytes | None]] = [*headers(), ("x-route", b"\xff"), ("x-route", None)]
    assert Envelope.decode(found).id == UUID(ID)


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"source": "registration"}, "ce_source is not /lianhe/<service>"),
        ({"type": "entity.registered"}, "ce_type is not cn.lianhe.<service>.<aggregate>.<verb>.v<n>"),
        ({"time": datetime(2024, 2, 28)}, "ce_time has no time zone"),  # noqa: DTZ001 - that is what is refused
        (
            {"time": datetime.min.replace(tzinfo=timezone(timedelta(hours=8)))},
            "ce_time is outside the years 1 to 9999 in UTC",
        ),
        ({"subject": ""}, "ce_subject is empty"),
        ({"subject": "\ud800"}, "ce_subject holds a character that UTF-8 can't write"),
        ({"traceparent": "00-1-2-3"}, "traceparent is not as W3C Trace Context writes it"),
    ],
)
def test_an_envelope_that_nobody_could_read_is_not_written(changed: dict[str, object], detail: str) -> None:
    right: dict[str, object] = {
        "id": UUID(ID),
        "source": "/lianhe/registration",
        "type": "cn.lianhe.registration.entity.registered.v1",
        "time": datetime(2024, 2, 28, tzinfo=UTC),
        "subject": "s",
    }
    with pytest.raises(EnvelopeError) as caught:
        Envelope(**(right | changed)).encode()  # type: ignore[arg-type]  # the wrong values are the point
    assert caught.value.detail == detail


@pytest.mark.parametrize(
    "event_type",
    [
        "",
        "cn.lianhe.registration.entity.registered",
        "cn.lianhe.registration.entity.registered.v0",
        "cn.lianhe.registration.entity.registered.v01",
        "cn.lianhe.registration.entity.registered.v99999",
        "cn.lianhe.registration.entity.registered.v1\n",
        "cn.lianhe.registration.entity.v1",
        "com.example.entity.registered.v1",
    ],
)
def test_somebody_elses_type_has_no_family(event_type: str) -> None:
    with pytest.raises(EnvelopeError, match=r"^HEADER_INVALID: ce_type is not cn"):
        family_and_version(event_type)


def test_somebody_elses_type_is_read_for_a_reader_to_skip() -> None:
    assert Envelope.decode(headers(ce_type=b"com.example.told")).type == "com.example.told"


def test_family_and_version_tell_a_higher_version_from_an_unknown_type() -> None:
    assert family_and_version("cn.lianhe.ledgers.entity.recorded.v12") == ("cn.lianhe.ledgers.entity.recorded", 12)
