"""Which files are taken as evidence 佐证材料, told by their content: what a sender says of it is never enough."""

import zipfile
from enum import Enum
from io import BytesIO
from typing import Final

_ZIP: Final = b"PK\x03\x04"
_OPEN_XML: Final = "[Content_Types].xml"
_PREFIX: Final = "application/vnd.openxmlformats-officedocument."


class EvidenceType(Enum):
    """A type of file that is taken: its media type, its name, how it begins, and what must be inside of an archive."""

    PDF = "application/pdf", "pdf", b"%PDF-", ()
    PNG = "image/png", "png", b"\x89PNG\r\n\x1a\n", ()
    JPEG = "image/jpeg", "jpeg", b"\xff\xd8\xff", ()
    DOCX = f"{_PREFIX}wordprocessingml.document", "docx", _ZIP, (_OPEN_XML, "word/document.xml")
    XLSX = f"{_PREFIX}spreadsheetml.sheet", "xlsx", _ZIP, (_OPEN_XML, "xl/workbook.xml")
    OFD = "application/ofd", "ofd", _ZIP, ("OFD.xml",)

    def __init__(self, media_type: str, short: str, magic: bytes, inside: tuple[str, ...]) -> None:
        self.media_type = media_type
        self.short = short
        self.magic = magic
        self.inside = inside


TAKEN: Final = ", ".join(one.short for one in EvidenceType)
"""The types that are taken, as messages call them."""


def type_named(media_type: str) -> EvidenceType | None:
    """Return the type that a `Content-Type` names, whatever its case and parameters; None where it is not taken."""
    named = media_type.partition(";")[0].strip().lower()
    return next((one for one in EvidenceType if one.media_type == named), None)


def is_of(type_: EvidenceType, content: bytes) -> bool:
    """Tell whether content is of a type: by its first bytes, and by the names inside of an archive."""
    if not content.startswith(type_.magic):
        return False
    if not type_.inside:
        return True
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # Python's words for what is no archive it can read
        return False
    return names.issuperset(type_.inside)
