"""Figures, citations, provisions and languages."""

from decimal import Decimal

import pytest

from tiendo.reading import cited, language_of, provisions, read, to_json

FIGURES = [
    ("vi", "Tổng kinh phí đã giải ngân là 2.350 tỷ đồng, bằng 61,5% dự toán.",
     [(2_350_000_000_000, "VND"), (Decimal("61.5"), "percent")]),
    ("vi", "Đến nay có 2.950/3.321 xã đã đủ trang thiết bị.", [(2950, "xã")]),
    ("fr", "Le taux est de 84,56% et 1 250 agents ont été formés.",
     [(Decimal("84.56"), "percent"), (1250, "agents")]),
    ("fr", "Le budget consommé s'élève à 3,4 millions d'euros.", [(3_400_000, "EUR")]),
    ("ru", "Освоено 3,2 млрд рублей, оснащено 87% больниц.",
     [(3_200_000_000, "RUB"), (87, "percent")]),
    ("en", "Disbursement stood at VND 491 trillion, up 7 percentage points; 1,200 projects are late.",
     [(491_000_000_000_000, "VND"), (7, "percent"), (1200, "projects")]),
    ("en", "The meeting of 3 November 2025 opened at 8:30 in room 12 under Resolution 57.", []),
    ("vi", "Ngày 05/6/2025, theo Điều 3 và khoản 2, kéo dài 15 ngày.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), FIGURES)
def test_numbers_reported_as_facts_are_figures(language, text, expected):
    assert [(f.value, f.unit) for f in read(text, language).figures] == expected


def test_a_share_keeps_its_denominator():
    [figure] = read("So far 48 of 60 communes are connected.", "en").figures

    assert (figure.value, figure.denominator) == (48, 60)


def test_a_goal_is_planned_and_not_reported():
    [figure] = read("Mục tiêu đến năm 2030: tỷ lệ dân số dùng 5G đạt 99%.", "vi").figures

    assert figure.status == "planned"


CITATIONS = [
    ("vi", "Theo Nghị quyết số 193/2025/QH15 ngày 19/02/2025 của Quốc hội.",
     [("193/2025/QH15", "resolution", "2025-02-19", "National Assembly")]),
    ("vi", "Các Nghị quyết số 57-NQ/TW, 59-NQ/TW và 66-NQ/TW đã ban hành.",
     [("57-NQ/TW", "resolution", None, None), ("59-NQ/TW", "resolution", None, None),
      ("66-NQ/TW", "resolution", None, None)]),
    ("fr", "La résolution 57 est claire. La résolution n° 57-NQ/TW du 22 décembre 2024 aussi.",
     [("57-NQ/TW", "resolution", "2024-12-22", None)]),
    ("fr", "Le décret n° 2024-310 du 4 avril 2024 et la résolution 18 du Comité central.",
     [("2024-310", "decree", "2024-04-04", None), ("18", "resolution", None, "Central Committee")]),
    ("ru", "Указом Президента от 7 мая 2024 г. № 309 и распоряжением № 512-р определено.",
     [("309", "decree", "2024-05-07", "President"), ("512-р", "order", None, None)]),
    ("en", "Directive No. 33/CT-TTg dated 1 October 2025 and Law No. 58/2024/QH15 apply.",
     [("33/CT-TTg", "directive", "2025-10-01", None), ("58/2024/QH15", "law", None, None)]),
    ("fr", "Le programme de travail 2025 et le plan 2030 avancent.", []),
    ("en", "The plan 3 years ago was poor.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), CITATIONS)
def test_each_numbered_document_is_cited_once(language, text, expected):
    found = read(text, language).citations

    assert [(c.number, c.type, c.date, c.issuer) for c in found] == expected


TREE = """QUY CHẾ
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Quy chế này quy định việc báo cáo.
a) Báo cáo tháng.
b) Báo cáo quý.
2. Quy chế này áp dụng cho các sở.
Điều 2. Trách nhiệm
- Sở Nội vụ tổng hợp.
- Sở Tài chính kiểm tra.
"""


def test_a_text_is_a_tree_with_addresses_that_stay():
    addresses = [p.address for p in provisions(TREE, "vi") if p.kind != "paragraph"]

    assert addresses == [
        "partI", "partI.art1", "partI.art1.1", "partI.art1.1.a", "partI.art1.1.b",
        "partI.art1.2", "partI.art2", "partI.art2.b1", "partI.art2.b2",
    ]  # fmt: skip


def test_a_point_knows_its_clause_and_its_own_words():
    text = "II. NHIỆM VỤ\n1. Bộ Tài chính:\na) Bố trí kinh phí.\n"

    point = provisions(text, "vi")[-1]

    assert (point.address, point.kind, point.parent) == ("II.1.a", "point", "II.1")
    assert point.heading == "Bố trí kinh phí."
    assert text[slice(*point.span)] == "a) Bố trí kinh phí."


LANGUAGES = [
    ("vi", "Các bộ, ngành khẩn trương thực hiện."),
    ("vi", "Cac bo nganh va dia phuong thuc hien nghi quyet cua trung uong"),
    ("fr", "Le comité de pilotage s'est réuni dans la matinée."),
    ("ru", "Комитет провёл первое заседание."),
    ("en", "The committee held its first meeting."),
    ("en", ""),
]


@pytest.mark.parametrize(("language", "text"), LANGUAGES)
def test_the_language_is_found(language, text):
    assert language_of(text) == language


def test_the_reading_is_written_in_the_shape_of_the_corpus():
    text = "The Ministry of Finance shall publish the tariff by 15 May 2026."

    told = to_json(read(text), "letter-1")

    assert told["doc_id"] == "letter-1"
    assert told["language"] == "en"
    [directive] = told["directives"]
    assert directive == {
        "id": "d1",
        "span": [0, 63],
        "quote": text[:-1],
        "assignees": ["Ministry of Finance"],
        "assignee_inherited": False,
        "partners": [],
        "deadline": "2026-05-15",
        "deadline_text": "by 15 May 2026",
        "target": None,
    }


def test_an_appendix_and_the_rows_of_its_table_have_addresses():
    text = "Phần thứ nhất\n1. Việc.\nPHỤ LỤC II\nDANH MỤC\n| TT | Việc |\n|---|---|\n| 1 | Kho |\n| 2 | Lớp |\n"
    text += "PHỤ LỤC\n| 1 | Cầu |\n| 2 | Đường |\n"

    found = [(p.address, p.kind) for p in provisions(text, "vi") if p.kind != "paragraph"]

    assert found == [
        ("part1", "part"), ("part1.1", "clause"), ("appII", "appendix"), ("appII.t1", "table"), ("appII.t1.r1", "row"),
        ("appII.t1.r2", "row"), ("app", "appendix"), ("app.t1", "table"), ("app.t1.r1", "row"), ("app.t1.r2", "row"),
    ]  # fmt: skip


def test_what_is_only_cited_is_found_without_the_rest():
    text = "Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024, Bộ Y tế báo cáo."

    assert cited(text, "vi") == read(text, "vi").citations
