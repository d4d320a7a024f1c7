from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.capital import Capital, parse_capital


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("50(万人民币元)", "500000", "CNY"),
        ("3,000(万)", "30000000", "CNY"),
        ("600万人民币", "6000000", "CNY"),
        ("97(万元人民币)", "970000", "CNY"),
        ("7万人民币元", "70000", "CNY"),
        ("2万", "20000", "CNY"),
        ("10,683.2000(万)", "106832000", "CNY"),
        ("6(万美元)", "60000", "USD"),
        ("80(万香港元)", "800000", "HKD"),
        ("1,200(万日元)", "12000000", "JPY"),
        ("5(万德国马克)", "50000", "DEM"),
        ("5(万瑞士法郎)", "50000", "CHF"),
        ("5万欧元", "50000", "EUR"),
        ("500000元", "500000", "CNY"),
        ("500000.5元整", "500000.5", "CNY"),
        ("人民币50万元", "500000", "CNY"),
        ("¥300元", "300", "CNY"),
        ("1.2亿元", "120000000", "CNY"),
        ("５０（万人民币元）", "500000", "CNY"),
        ("３，０００（万）", "30000000", "CNY"),
        (" 50 ( 万 ) ", "500000", "CNY"),
        ("0(万)", "0", "CNY"),
        ("0.00001(万)", "0.1", "CNY"),
        ("0.00005元", "0.0001", "CNY"),
        ("33.333333333333336(万)", "333333.3333", "CNY"),
        ("9999999999999999元", "9999999999999999", "CNY"),
    ],
)
def test_reads_what_registers_write(written: str, amount: str, currency: str) -> None:
    assert parse_capital(written) == Capital(Decimal(amount), currency)


@pytest.mark.parametrize(
    "written",
    [
        "50",
        "",
        "万",
        "-50(万)",
        "(万)50(万)",
        "50万100万",
        "5,00(万)",
        "1,0000(万)",
        "50万亿元",
        "50(万金币)",
        "五十万",
        "1e9元",
        "10000000000000000元",
        "1000000000000万",
        "9999999999999999.99999元",
        "50((万)",
        "NaN元",
        "50.(万)",
        "面议",
    ],
)
def test_does_not_guess_money(written: str) -> None:
    assert parse_capital(written) is None


@given(st.text(max_size=40) | st.from_regex(r"[0-9,.()万亿元美-]{1,20}", fullmatch=True))
def test_any_text_gives_a_capital_within_the_limits_or_none(written: str) -> None:
    capital = parse_capital(written)

    assert capital is None or (0 <= capital.amount < 10**16 and capital.amount.as_tuple().exponent == -4)


def test_reads_the_same_whatever_the_context_of_the_process() -> None:
    with localcontext() as context:
        context.prec = 3
        assert getcontext().prec == 3
        assert parse_capital("10,683.2000(万)") == Capital(Decimal(106832000), "CNY")


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("-1", "CNY"), ("1e16", "CNY"), ("NaN", "CNY"), ("0.00001", "CNY"), ("1", "cny"), ("1", "YUAN")],
)
def test_no_capital_is_outside_its_limits(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="capital"):
        Capital(Decimal(amount), currency)
