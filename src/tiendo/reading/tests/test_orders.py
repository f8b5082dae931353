"""Who is told to do what: sentences of our own, in the four languages, as committees write them."""

from datetime import date

import pytest

from tiendo.reading import read

WRITTEN = date(2025, 10, 24)


def told(text, language=None):
    """Each directive as (whom, with whom, by when)."""
    found = read(text, language, WRITTEN).directives
    return [(list(d.assignees), list(d.partners), d.deadline) for d in found]


CONCLUSION = """THÔNG BÁO
Kết luận của Trưởng Ban Chỉ đạo

I. ĐÁNH GIÁ TÌNH HÌNH
1. Trong quý III, các bộ, ngành đã hoàn thành 312 nhiệm vụ, đạt 87,5% kế hoạch.

II. NHIỆM VỤ TRỌNG TÂM
1. Bộ Khoa học và Công nghệ:
a) Chủ trì, phối hợp với Bộ Tài chính, Bộ Công an hoàn thiện bộ chỉ số trước ngày 15-12-2025.
b) Hướng dẫn các địa phương dùng hệ thống; hoàn thành trong quý IV năm 2025.
c) Hằng tháng tổng hợp, báo cáo kết quả.
2. Bộ Ngoại giao
- Rà soát các thỏa thuận đã ký; báo cáo Thủ tướng Chính phủ trước ngày 30 tháng 11.
3. Giao Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương khẩn trương số hóa hồ sơ.

III. TỔ CHỨC THỰC HIỆN
1. Các tỉnh ủy, thành ủy xây dựng kế hoạch, hoàn thành trước ngày 10/11/2025.
2. Văn phòng Trung ương Đảng theo dõi, đôn đốc, định kỳ hằng quý báo cáo Ban Chỉ đạo.

Nơi nhận:
- Như trên;
"""


def test_lettered_items_take_the_unit_that_their_heading_names():
    found = read(CONCLUSION, "vi").directives

    assert told(CONCLUSION, "vi") == [
        (["Bộ Khoa học và Công nghệ"], ["Bộ Tài chính", "Bộ Công an"], "2025-12-15"),
        (["Bộ Khoa học và Công nghệ"], [], "2025-Q4"),
        (["Bộ Khoa học và Công nghệ"], [], "R/P1M"),
        (["Bộ Ngoại giao"], [], "2025-11-30"),
        (["Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"], [], None),
        (["Các tỉnh ủy, thành ủy"], [], "2025-11-10"),
        (["Văn phòng Trung ương Đảng"], [], "R/P3M"),
    ]
    assert [d.assignee_inherited for d in found] == [True] * 4 + [False] * 3


def test_what_is_reported_under_the_heading_of_results_orders_nothing():
    assert not read(CONCLUSION[: CONCLUSION.index("II. ")], "vi").directives


VI = [
    (
        "Phó Thủ tướng giao Bộ Nội vụ chủ trì, phối hợp với Bộ Y tế rà soát nhân lực, báo cáo trước "
        "ngày 30/11; giao Bộ Công an bảo đảm an toàn hệ thống.",
        [(["Bộ Nội vụ"], ["Bộ Y tế"], "2025-11-30"), (["Bộ Công an"], [], None)],
    ),
    (
        "Bí thư Tỉnh ủy nhấn mạnh, thời gian tới các địa phương cần chủ động bố trí kinh phí.",
        [(["các địa phương"], [], None)],
    ),
    (
        "Kết luận cuộc họp, Phó Thủ tướng yêu cầu các bộ, ngành tập trung tháo gỡ điểm nghẽn; khẩn "
        "trương hoàn thiện hạ tầng số.",
        [(["các bộ, ngành"], [], None), (["các bộ, ngành"], [], None)],
    ),
    (
        "Hành động: Phòng Kỹ thuật rà soát cấu hình máy chủ, thời hạn 20/11/2025",
        [(["Phòng Kỹ thuật"], [], "2025-11-20")],
    ),
    (
        "Điều 3. Sở Tài chính có trách nhiệm tham mưu bố trí kinh phí, hoàn thành trước 31/01/2026.",
        [(["Sở Tài chính"], [], "2026-01-31")],
    ),
    (
        "2. Công an tỉnh: Bảo đảm an ninh mạng; kiểm tra định kỳ hằng quý.",
        [(["Công an tỉnh"], [], "R/P3M")],
    ),
    ("Bộ Tài chính đã bố trí đủ kinh phí cho chương trình.", []),
    ("Phó Thủ tướng chủ trì cuộc họp với các bộ, ngành.", []),
    ("Người dân đánh giá cao dịch vụ công trực tuyến.", []),
    ("Tuy nhiên, vẫn còn nhiều khó khăn cần khắc phục.", []),
]
FR = [
    (
        "Le Premier ministre a chargé le ministère de la Santé de présenter un plan d'action avant le "
        "30 novembre 2025 et le ministère des Finances d'en évaluer le coût.",
        [
            (["ministère de la Santé"], [], "2025-11-30"),
            (["ministère des Finances"], [], None),
        ],
    ),
    (
        "La présidente a demandé au comité régional de recenser les ponts dangereux ; de fermer les "
        "plus abîmés.",
        [(["comité régional"], [], None), (["comité régional"], [], None)],
    ),
    (
        "Le ministre de la Santé veillera à la mise à jour des registres, en liaison avec l'Agence du "
        "numérique, d'ici la fin de l'année.",
        [(["ministre de la Santé"], ["Agence du numérique"], "2025-12-31")],
    ),
    (
        "Les préfets sont invités à transmettre leurs observations au secrétariat.",
        [(["préfets"], [], None)],
    ),
    (
        "Action : Mme Diallo prépare une note de synthèse, échéance 30 novembre 2025",
        [(["Mme Diallo"], [], "2025-11-30")],
    ),
    ("Il convient de renforcer les contrôles dans les ports.", [([], [], None)]),
    ("Le comité a tenu sa réunion et les membres ont écouté le rapport.", []),
    ("Les communes pourront bénéficier d'un appui.", []),
]
RU = [
    (
        "Губернатор поручил департаменту образования до 1 декабря организовать обучение педагогов; "
        "управлению связи – завершить настройку каналов.",
        [(["департаменту образования"], [], "2025-12-01"), (["управлению связи"], [], None)],
    ),
    (
        "Министерству энергетики совместно с Минстроем подготовить предложения до конца года.",
        [(["Министерству энергетики"], ["Минстроем"], "2025-12-31")],
    ),
    (
        "Контроль за исполнением распоряжения возложить на вице-губернатора Орлова.",
        [(["вице-губернатора Орлова"], [], None)],
    ),
    (
        "Министр здравоохранения обязан до конца месяца доложить о результатах.",
        [(["Министр здравоохранения"], [], "2025-10-31")],
    ),
    (
        "Местным органам власти следует провести инвентаризацию в течение 30 дней.",
        [(["Местным органам власти"], [], "P30D")],
    ),
    ("На заседании присутствовали члены комитета.", []),
    ("Министр сообщил, что работа завершена.", []),
]
EN = [
    (
        "Action: ICT Unit, together with the Ministry of Health, to publish the catalogue, due 30 "
        "November 2025",
        [(["ICT Unit"], ["Ministry of Health"], "2025-11-30")],
    ),
    (
        "He directed the Ministry of Construction, in coordination with the Ministry of Finance, to "
        "resolve land issues by the end of 2025.",
        [(["Ministry of Construction"], ["Ministry of Finance"], "2025-12-31")],
    ),
    (
        "The Prime Minister asked provinces to clear the backlog and to publish the results.",
        [(["provinces"], [], None), (["provinces"], [], None)],
    ),
    (
        "1. Draft the monitoring template (Owner: IT Directorate; Due: 20 November 2025)",
        [(["IT Directorate"], [], "2025-11-20")],
    ),
    (
        "All provincial departments must report monthly.",
        [(["All provincial departments"], [], "R/P1M")],
    ),
    (
        "The Committee agreed that the Audit Office should review the contracts within 30 days.",
        [(["Audit Office"], [], "P30D")],
    ),
    ("The Secretariat reported that 48 of 60 communes are connected.", []),
    ("Participants welcomed the progress made.", []),
    ("Under the law, agencies must keep their archives.", []),
]
SENTENCES = [
    (language, text, expected)
    for language, told_ones in (("vi", VI), ("fr", FR), ("ru", RU), ("en", EN))
    for text, expected in told_ones
]


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES)
def test_a_sentence_tells_whom_with_whom_and_by_when(language, text, expected):
    assert told(text, language) == expected


def test_the_items_of_a_russian_list_take_the_unit_and_partners_of_their_lead_in():
    text = (
        "1. Министерству финансов совместно с Минстроем:\n"
        "а) подготовить предложения о финансировании.\n"
        "Срок – 1 декабря 2025 г.;\n"
        "б) представить доклад о ходе работ. Доклад – до 15 января 2026 г.\n"
    )

    assert told(text, "ru") == [
        (["Министерству финансов"], ["Минстроем"], "2025-12-01"),
        (["Министерству финансов"], ["Минстроем"], "2026-01-15"),
    ]


def test_a_line_that_tells_the_deadline_belongs_to_the_order_above():
    text = "1. Provincial chairs: submit the list of schools.\nDeadline: 15 December 2025\n"

    [directive] = read(text, "en", WRITTEN).directives

    assert directive.deadline == "2025-12-15"
    assert directive.quote.endswith("15 December 2025")


def test_the_proposed_wording_has_neither_assignee_nor_deadline():
    text = "Le ministère des Finances doit publier le barème avant le 31 mars 2026."

    [directive] = read(text, "fr", WRITTEN).directives

    assert directive.action == "Publier le barème"


def test_the_quantity_to_reach_is_the_target_and_no_figure():
    text = "The Prime Minister asked the ministry to train at least 5,000 teachers by 1 March 2026."

    reading = read(text, "en", WRITTEN)

    assert reading.directives[0].target == "at least 5,000 teachers"
    assert not reading.figures


def test_a_title_without_full_stop_is_no_order():
    assert not read(
        "Construire des écoles et des routes\n\nLe comité s'est réuni.", "fr"
    ).directives


def test_a_programme_is_approved_by_the_words_themselves():
    assert not read("Điều 1. Phê duyệt Kế hoạch năm 2026.", "vi").directives
    assert not read("1. Утвердить прилагаемый план мероприятий.", "ru").directives


def test_a_plan_in_a_table_gives_one_directive_a_row():
    text = (
        "| No | Task | Lead | Deadline |\n"
        "|---|---|---|---|\n"
        "| 1 | Publish the open data plan | Ministry of Justice | 15 December 2025 |\n"
        "| 2 | Audit the old systems | State Audit Office | Q1 2026 |\n"
    )

    assert told(text, "en") == [
        (["Ministry of Justice"], [], "2025-12-15"),
        (["State Audit Office"], [], "2026-Q1"),
    ]
    assert read(text, "en", WRITTEN).directives[0].action == "Publish the open data plan"


def test_a_unit_that_is_charged_answers_and_not_the_one_who_spoke_before():
    text = "1. The Government Office is assigned to monitor the work by the 25th of each month."

    assert told(text, "en") == [(["Government Office"], [], "R/P1M")]


def test_a_lead_in_that_only_says_who_speaks_gives_its_items_no_unit():
    text = "The Deputy Prime Minister requests:\n- Review the list of procedures.\n"

    assert told(text, "en") == [([], [], None)]


@pytest.mark.parametrize(
    ("language", "text", "wording"),
    [
        (
            "fr",
            "Les guichets doivent être ouverts avant le 1er mars 2026.",
            "Les guichets doivent être ouverts",
        ),
        ("fr", "Il faut diversifier les aides aux ateliers.", "Diversifier les aides aux ateliers"),
        (
            "fr",
            "Il faut réparer les digues dans les délais, puis les contrôler.",
            "Réparer les digues dans les délais, puis les contrôler",
        ),
        (
            "en",
            "The ledgers must be published by 1 March 2026, in full.",
            "The ledgers must be published, in full",
        ),
        (
            "vi",
            "Nhiệm vụ:\n1. Các cấp, các ngành phải tiếp tục cập nhật sổ hộ khẩu điện tử.",
            "Tiếp tục cập nhật sổ hộ khẩu điện tử",
        ),
    ],
)
def test_a_wording_is_never_cut_inside_a_word_or_from_its_subject(language, text, wording):
    assert [one.action for one in read(text, language, WRITTEN).directives] == [wording]
