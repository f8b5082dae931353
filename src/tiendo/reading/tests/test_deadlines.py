"""Dates as people write them, in four languages."""

from datetime import date

import pytest

from tiendo.reading import day_written, last_day, read

WRITTEN = date(2025, 10, 24)

ORDERS = {
    "vi": "Bộ Tài chính chủ trì rà soát định mức chi, {}.",
    "fr": "Le ministère des Finances doit publier le barème {}.",
    "ru": "Министерству финансов представить смету расходов {}.",
    "en": "The Ministry of Finance shall publish the tariff {}.",
}

DEADLINES = [
    ("vi", "trước ngày 15-12-2025", "2025-12-15"),
    ("vi", "trước ngày 15/12/2025", "2025-12-15"),
    ("vi", "hoàn thành trước ngày 30 tháng 11 năm 2025", "2025-11-30"),
    ("vi", "báo cáo trước ngày 30 tháng 11", "2025-11-30"),
    ("vi", "chậm nhất ngày 20/11", "2025-11-20"),
    ("vi", "trong quý IV năm 2025", "2025-Q4"),
    ("vi", "trong quý I/2026", "2026-Q1"),
    ("vi", "trong tháng 11/2025", "2025-11"),
    ("vi", "trong năm 2026", "2026"),
    ("vi", "trước cuối quý I năm 2026", "2026-03-31"),
    ("vi", "đến hết tháng 11 năm 2025", "2025-11-30"),
    ("vi", "hằng tháng", "R/P1M"),
    ("vi", "định kỳ hằng quý", "R/P3M"),
    ("vi", "định kỳ 6 tháng một lần", "R/P6M"),
    ("vi", "trong vòng 30 ngày", "P30D"),
    ("vi", "trước ngày 31-3", "2026-03-31"),
    ("fr", "avant le 31 mars 2026", "2026-03-31"),
    ("fr", "d'ici le 1er décembre", "2025-12-01"),
    ("fr", "au plus tard le 15 novembre 2025", "2025-11-15"),
    ("fr", "au deuxième trimestre 2026", "2026-Q2"),
    ("fr", "d'ici la fin de l'année", "2025-12-31"),
    ("fr", "avant fin novembre 2025", "2025-11-30"),
    ("fr", "en décembre 2025", "2025-12"),
    ("fr", "chaque mois", "R/P1M"),
    ("fr", "tous les ans", "R/P1Y"),
    ("fr", "dans un délai de deux mois", "P2M"),
    ("ru", "до 25 декабря 2025 года", "2025-12-25"),
    ("ru", "в срок до 1 февраля 2026 г.", "2026-02-01"),
    ("ru", "до 20.12.2025", "2025-12-20"),
    ("ru", "в первом квартале 2026 года", "2026-Q1"),
    ("ru", "до конца года", "2025-12-31"),
    ("ru", "до конца месяца", "2025-10-31"),
    ("ru", "ежеквартально", "R/P3M"),
    ("ru", "в течение 30 дней", "P30D"),
    ("ru", "до 15 ноября", "2025-11-15"),
    ("en", "no later than 15 November 2025", "2025-11-15"),
    ("en", "by December 1", "2025-12-01"),
    ("en", "by the end of 2026", "2026-12-31"),
    ("en", "in the first quarter of 2026", "2026-Q1"),
    ("en", "by the end of Q1 2026", "2026-03-31"),
    ("en", "by March 2026", "2026-03"),
    ("en", "by Friday", "2025-10-31"),
    ("en", "every six months", "R/P6M"),
    ("en", "within 30 days", "P30D"),
    ("en", "as soon as possible", None),
]


@pytest.mark.parametrize(("language", "words", "due"), DEADLINES)
def test_a_deadline_is_read_as_people_write_it(language, words, due):
    text = ORDERS[language].format(words).replace("..", ".")

    [directive] = read(text, language, WRITTEN).directives

    assert directive.deadline == due
    start, end = directive.deadline_span
    assert text[start:end] == directive.deadline_text


NOT_DEADLINES = [
    ("vi", "Bộ Công Thương chủ trì rà soát Chiến lược năng lượng đến năm 2030."),
    ("fr", "Le comité doit appliquer la résolution n° 12 du 22 décembre 2024."),
    ("ru", "Министерству финансов обновить Стратегию развития до 2030 года."),
    ("en", "The committee shall apply Decree 13/2023/ND-CP of 17 April 2023."),
]


@pytest.mark.parametrize(("language", "text"), NOT_DEADLINES)
def test_the_date_of_a_document_is_no_deadline(language, text):
    [directive] = read(text, language, WRITTEN).directives

    assert directive.deadline is None


def test_a_quarter_named_for_the_whole_sentence_holds_for_its_parts():
    text = (
        "Распределяя задачи на второй квартал 2025 года, секретарь потребовал от комитета "
        "точности в работе; своевременной отчётности отделов."
    )

    assert [d.deadline for d in read(text, "ru").directives] == ["2025-Q2", "2025-Q2"]


LAST_DAYS = [
    ("2026-03-31", date(2026, 3, 31)),
    ("2024-02", date(2024, 2, 29)),
    ("2025-Q4", date(2025, 12, 31)),
    ("2026", date(2026, 12, 31)),
    ("R/P1M", None),
    ("P30D", None),
    ("2025-13", None),
    ("2025-02-30", None),
    ("0000", None),
    ("", None),
]


@pytest.mark.parametrize(("deadline", "last"), LAST_DAYS)
def test_the_last_day_of_a_deadline(deadline, last):
    assert last_day(deadline) == last


DATELINES = [
    ("18:20, 25 апреля 2025 г.\nСегодня прошло заседание.", date(2025, 4, 25)),
    ("Première réunion\n\nVoix du Nord19/02/2025\n\nLe comité s'est réuni.", date(2025, 2, 19)),
    ("Hà Nội, ngày 24 tháng 10 năm 2025\nTHÔNG BÁO", date(2025, 10, 24)),
    ("MINUTES\nDate: 14 May 2025\nPresent: all.", date(2025, 5, 14)),
    ("Le comité s'est réuni.\nSource: https://exemple.vn/tin/202510/hop.html", date(2025, 10, 1)),
    ("Réunion du 20 octobre.\nSource: https://exemple.vn/tin/202510/hop.html", date(2025, 10, 20)),
    (
        "QUYẾT ĐỊNH\nTheo Tờ trình số 8/TTr-SNV ngày 02 tháng 12 năm 2025\nHạn: 15/01/2026.",
        date(2025, 12, 2),
    ),
    ("Nobody wrote a date here.", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "day"), DATELINES)
def test_the_day_a_text_was_written_stands_in_the_text(text, day):
    assert day_written(text) == day
