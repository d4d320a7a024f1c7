"""The demo's persons can be told from everything else of it, and are heard however they are written."""

import base64
import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from demo.district.district import District
from demo.district.names import note, person, telephone
from demo.district.study import AS_OF, DISTRICT_X, SMALL
from tests.canaries import sung, values

SAID = st.sampled_from(sorted({*values(District(SMALL, 7, AS_OF)), note("本人来电")}))
AROUND = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="0123456789"), max_size=9)


def heard(value: str, data: bytes) -> bool:
    """Tell whether a value is found, a note by what begins it."""
    return any(value.startswith(one) for one in sung(data))


def test_each_value_of_the_district_is_heard() -> None:
    known = values(District(DISTRICT_X, 2024, AS_OF))
    assert len(known) > 2 * 1196 + 165
    assert [one for one in known if not heard(one, one.encode())] == []


def test_nothing_else_of_the_district_is_heard() -> None:
    district = District(SMALL, 2024, AS_OF)
    others = [
        *(f"{one.name} {one.uscc} {one.business_scope}" for one in district.entities()),
        *(one.name for one in district.organisations),
        *(one.name for one in district.associations),
        *(one.name for one in district.units),
        *(one.name for one in district.divisions()),
    ]
    assert sung("\n".join(others).encode()) == set()


@given(SAID, AROUND, AROUND)
def test_a_value_is_heard_however_it_is_written(value: str, before: str, after: str) -> None:
    text = f"{before}{value}{after}"
    raw = text.encode()
    assert heard(value, raw), "plain"
    assert heard(value, json.dumps({"a": text}).encode()), "escaped by JSON"
    assert heard(value, json.dumps(json.dumps(text)).encode()), "escaped twice, as a log holds a body"
    assert heard(value, quote(text).encode()), "in a URL"
    assert heard(value, b"\\\\x" + raw.hex().encode()), "bytes as PostgreSQL shows them"
    assert heard(value, b'"' + base64.b64encode(raw) + b'"'), "base64"
    assert heard(value, b"x=" + base64.urlsafe_b64encode(raw).rstrip(b"=")), "base64 of a URL"


def test_what_only_looks_alike_is_not_heard() -> None:
    plain = [
        "演示00012",
        "（演示）",
        "91999999MT1A00001X",
        person(3)[:-1],
        f"5{telephone(3)}",
        f"{telephone(3)}7",
        "演*",
    ]
    assert sung("\n".join(plain).encode()) == set()
