"""The symbol grammar: every example that a clerk could meet."""

import unicodedata

import pytest

from tiendo.reading import symbols

SYMBOLS = [
    ("57-NQ/TW", "party", "57", "NQ", "TW", None, "resolution"),
    ("02-KH/BCĐTW", "party", "02", "KH", "BCĐTW", None, "plan"),
    ("226-KL/TW", "party", "226", "KL", "TW", None, "conclusion"),
    ("15662-CV/VPTW", "party", "15662", "CV", "VPTW", None, "dispatch"),
    ("368-KH/TU", "party", "368", "KH", "TU", None, "plan"),
    ("71/NQ-CP", "state", "71", "NQ", "CP", None, "resolution"),
    ("33/CT-TTg", "state", "33", "CT", "TTg", None, "directive"),
    ("365/TB-VPCP", "state", "365", "TB", "VPCP", None, "notice"),
    ("405/QĐ-BKHCN", "state", "405", "QĐ", "BKHCN", None, "decision"),
    ("82/KH-UBND", "state", "82", "KH", "UBND", None, "plan"),
    ("1270/BC-TCTTTg", "state", "1270", "BC", "TCTTTg", None, "report"),
    ("30/2020/NĐ-CP", "normative", "30", "NĐ", "CP", 2020, "decree"),
    ("265/2025/NĐ-CP", "normative", "265", "NĐ", "CP", 2025, "decree"),
    ("42/2014/QĐ-TTg", "normative", "42", "QĐ", "TTg", 2014, "decision"),
    ("193/2025/QH15", "assembly", "193", "QH", "QH15", 2025, "assembly act"),
    ("202/2025/QH15", "assembly", "202", "QH", "QH15", 2025, "assembly act"),
    ("76/2025/UBTVQH15", "assembly", "76", "UBTVQH", "UBTVQH15", 2025, "standing committee act"),
    ("7456/CQTTBCĐ", "dispatch", "7456", None, "CQTTBCĐ", None, None),
    ("1513/KBNN", "dispatch", "1513", None, "KBNN", None, None),
    ("01/HNVB-VPCP", "consolidated", "01", "HNVB", "VPCP", None, "consolidated text"),
]


@pytest.mark.parametrize(("written", "form", "number", "code", "org", "year", "kind"), SYMBOLS)
def test_a_symbol_is_taken_apart(written, form, number, code, org, year, kind):
    symbol = symbols.parse(written)

    assert symbol is not None
    assert (symbol.form, symbol.number, symbol.type_code) == (form, number, code)
    assert (symbol.org, symbol.year, symbol.type) == (org, year, kind)


def test_a_term_of_the_assembly_is_a_number():
    assert symbols.parse("193/2025/QH15").term == 15


def test_a_dispatch_may_name_its_unit():
    assert symbols.parse("1513/KBNN-KTNN").unit == "KTNN"


@pytest.mark.parametrize("written", ["02-KH/BCÐTW", unicodedata.normalize("NFD", "02-KH/BCĐTW")])
def test_two_spellings_of_the_same_letter_are_one(written):
    assert symbols.parse(written).org == "BCĐTW"


@pytest.mark.parametrize("written", ["", "57", "NQ/TW", "57-nq/tw", "2025/10/24", "abc", "57-/TW"])
def test_what_is_no_symbol_is_none(written):
    assert symbols.parse(written) is None
