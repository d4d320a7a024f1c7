"""A file is of the type that its content shows, whatever its sender says of it."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.evidence_types import EvidenceType, is_of, type_named


def archive(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name in names:
            opened.writestr(name, "x")
    return made.getvalue()


CONTENT = {
    EvidenceType.PDF: b"%PDF-1.7\n...",
    EvidenceType.PNG: b"\x89PNG\r\n\x1a\n\x00",
    EvidenceType.JPEG: b"\xff\xd8\xff\xe0\x00",
    EvidenceType.DOCX: archive("[Content_Types].xml", "word/document.xml"),
    EvidenceType.XLSX: archive("[Content_Types].xml", "xl/workbook.xml"),
    EvidenceType.OFD: archive("OFD.xml", "Doc_0/Document.xml"),
}


@pytest.mark.parametrize("type_", EvidenceType)
@pytest.mark.parametrize("of", EvidenceType)
def test_content_is_of_its_own_type_alone(type_: EvidenceType, of: EvidenceType) -> None:
    assert is_of(type_, CONTENT[of]) is (type_ is of)


@pytest.mark.parametrize(
    ("named", "type_"),
    [
        ("application/pdf", EvidenceType.PDF),
        (" Image/PNG ; charset=x", EvidenceType.PNG),
        ("image/jpg", None),
        ("text/html", None),
        ("", None),
    ],
)
def test_a_type_is_named_whatever_its_case_and_parameters(named: str, type_: EvidenceType | None) -> None:
    assert type_named(named) is type_


@given(content=st.binary(max_size=200), type_=st.sampled_from(EvidenceType), cut=st.integers(0, 200))
def test_no_content_makes_the_check_fail(content: bytes, type_: EvidenceType, cut: int) -> None:
    assert not is_of(type_, b"")
    assert is_of(type_, type_.magic + content) in {True, False}
    assert is_of(type_, CONTENT[type_][:cut] + content) in {True, False}
