"""Words about annual reports 年报, and about what in them differs from the ledgers."""

from contracts.vocabulary.word import Word


class AnnualReportState(Word):
    """State of an annual report."""

    FILED = "FILED", "已报送"
    CORRECTED = "CORRECTED", "已更正"


class ReportingState(Word):
    """Where the reporting on a year stands on a day."""

    NOT_BEGUN = "NOT_BEGUN", "尚未开始"
    RUNNING = "RUNNING", "报送期内"
    OVERDUE = "OVERDUE", "已逾期"


class DiscrepancyField(Word):
    """What an annual report and the ledgers are compared by."""

    FULL_MEMBERS = "FULL_MEMBERS", "正式党员人数"
    PROBATIONARY_MEMBERS = "PROBATIONARY_MEMBERS", "预备党员人数"
    ORGANISATION = "ORGANISATION", "是否建立党组织"


class DiscrepancyState(Word):
    """State of a discrepancy of an annual report and the ledgers."""

    OPEN = "OPEN", "待核实"
    EXPLAINED = "EXPLAINED", "已说明"
    CORRECTED = "CORRECTED", "已更正一致"
    CLOSED = "CLOSED", "已办结"


class DiscrepancyAction(Word):
    """A step of a discrepancy."""

    OPEN = "OPEN", "发现差异"
    EXPLAIN = "EXPLAIN", "说明原因"
    CORRECT = "CORRECT", "更正一致"
    RESTATE = "RESTATE", "更正后仍有差异"
    CLOSE = "CLOSE", "办结"
    REOPEN = "REOPEN", "重新核实"
