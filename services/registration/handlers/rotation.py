"""What registration keeps under its master key: what a rotation keeps anew."""

from collections.abc import Sequence
from typing import Final

from kit.rotation import EVIDENCE, PROCESS_NOTES, Kept, SealedColumn
from services.registration.handlers.annual_reports import NOTE, ON_BEHALF_OF
from services.registration.handlers.applications import APPLICANT

SEALED: Final[Sequence[Kept]] = (
    SealedColumn("household_application", "process_id", "sealed_applicant", APPLICANT),
    *PROCESS_NOTES,
    *EVIDENCE,
    SealedColumn("annual_report_filing", "report_id", "sealed_note", NOTE),
    SealedColumn("annual_report_filing", "report_id", "sealed_on_behalf_of", ON_BEHALF_OF),
)
"""All that registration keeps under keys."""
