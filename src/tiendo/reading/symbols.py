"""The symbol grammar of Vietnamese official documents: 57-NQ/TW, 71/NQ-CP, 193/2025/QH15."""

import re
from dataclasses import dataclass

from tiendo.reading.folding import fold

TYPES = {
    "NQ": "resolution", "QĐ": "decision", "QD": "decision", "CT": "directive", "QC": "regulation",
    "QYĐ": "rules", "QYD": "rules", "TC": "communique", "TB": "notice", "HD": "guidance",
    "CTR": "programme", "CTHĐ": "programme", "CTHD": "programme", "KH": "plan", "PA": "option",
    "ĐA": "project", "DA": "project", "BC": "report", "BB": "minutes", "TTR": "submission",
    "HĐ": "contract", "CĐ": "urgent dispatch", "CD": "urgent dispatch", "KL": "conclusion",
    "CV": "dispatch", "NĐ": "decree", "ND": "decree", "TT": "circular", "TTLT": "joint circular",
    "L": "law", "PL": "ordinance", "LCT": "order", "VBHN": "consolidated text", "ĐL": "charter",
    "HNVB": "consolidated text", "QH": "assembly act", "UBTVQH": "standing committee act",
}  # fmt: skip
UPPER = "A-ZĐĂÂÊÔƠƯ"
CODE = rf"[{UPPER}][{UPPER}a-zđ]{{0,9}}"
ORG = rf"[{UPPER}][{UPPER}a-z0-9đ&]{{0,14}}(?:[-.][{UPPER}][{UPPER}a-z0-9đ&]{{0,14}}){{0,2}}"
NUMBER = r"(?P<number>[0-9]{1,6}[a-z]?)"
FORMS = (
    ("assembly", rf"{NUMBER}/(?P<year>[0-9]{{4}})/(?P<type>UBTVQH|QH)(?P<term>[0-9]{{1,2}})"),
    ("normative", rf"{NUMBER}/(?P<year>[0-9]{{4}})/(?P<type>{CODE})-(?P<org>{ORG})"),
    ("consolidated", rf"{NUMBER}/(?P<type>HNVB|VBHN)-(?P<org>{ORG})"),
    ("party", rf"{NUMBER}-(?P<type>{CODE})/(?P<org>{ORG})"),
    ("state", rf"{NUMBER}/(?P<type>{CODE})-(?P<org>{ORG})"),
    ("dispatch", rf"{NUMBER}/(?P<org>[{UPPER}][{UPPER}a-z]{{1,14}})(?:-(?P<unit>{ORG}))?"),
)
COMPILED = [(form, re.compile(pattern)) for form, pattern in FORMS]
# Symbols inside running text; a bare dispatch (7456/CQTTBCĐ) is read only after a word for it.
IN_TEXT = rf"[0-9]{{1,6}}[a-z]?(?:/[0-9]{{4}}/(?:UBTVQH|QH)[0-9]{{1,2}}|/[0-9]{{4}}/{CODE}-{ORG}|-{CODE}/{ORG}|/{CODE}-{ORG})"


@dataclass(frozen=True)
class Symbol:
    """A symbol taken apart; `number` keeps its leading zeros, `year` only when written."""

    written: str
    form: str
    number: str
    type_code: str | None
    org: str | None
    year: int | None = None
    term: int | None = None
    unit: str | None = None

    @property
    def type(self) -> str | None:
        """The kind of document in English, when the code tells."""
        return TYPES.get(self.type_code.upper()) if self.type_code else None


def parse(text: str) -> Symbol | None:
    """The symbol written in `text`, spaces around it forgiven; None when it is none."""
    written = re.sub(r"\s*([/-])\s*", r"\1", fold(text).text.strip().replace("–", "-"))
    for form, pattern in COMPILED:
        if (match := pattern.fullmatch(written)) and _meant(form, match):
            return _symbol(written, form, match.groupdict())
    return None


def _meant(form: str, match: re.Match[str]) -> bool:
    # "71/NQ-CP" is a state symbol, "1513/KBNN-KT" a dispatch: the table of types decides.
    return form != "state" or match["type"].upper() in TYPES


def _symbol(written: str, form: str, told: dict[str, str | None]) -> Symbol:
    year, term = told.get("year"), told.get("term")
    org = told.get("org")
    if form == "assembly":
        org = f"{told['type']}{term}"
    return Symbol(
        written=written,
        form=form,
        number=told["number"] or "",
        type_code=told.get("type"),
        org=org,
        year=int(year) if year else None,
        term=int(term) if term else None,
        unit=told.get("unit"),
    )
