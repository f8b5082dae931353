"""Whole texts of our own, each read as it is marked: orders, whom, by when, figures, citations."""

import unicodedata

import pytest

from tiendo.reading import read
from tiendo.reading.tests.marked import judged, texts

TEXTS = texts()


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one.name)
def test_a_text_is_read_as_it_is_marked(one):
    tallies = judged(one)

    assert {kind: tally.told for kind, tally in tallies.items() if tally.told} == {}


def test_each_language_has_texts_of_many_kinds():
    told = {language: len(texts(f"{language}-")) for language in ("vi", "fr", "ru", "en")}

    assert min(told.values()) >= 6
    assert max(told, key=lambda language: told[language]) == "vi"


def test_vietnamese_in_decomposed_letters_reads_the_same():
    [notice] = texts("vi-notice")

    apart = read(unicodedata.normalize("NFD", notice.text))

    plain = read(notice.text)
    assert [unicodedata.normalize("NFC", d.quote) for d in apart.directives] == [
        d.quote for d in plain.directives
    ]
    assert [d.deadline for d in apart.directives] == [d.deadline for d in plain.directives]
