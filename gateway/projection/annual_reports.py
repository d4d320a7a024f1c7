"""The topic of annual reports, as a table of the read model."""

from typing import Any, Final

from contracts.events.registration.annual_reports import AnnualReportRecorded
from gateway.projection.copied import copied
from gateway.tables import AnnualReport
from kit.copying import Copy

ANNUAL_REPORT: Final[Copy[Any]] = copied(AnnualReport, AnnualReportRecorded)
