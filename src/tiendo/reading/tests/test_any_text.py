"""Whatever is pasted: spans stay inside, nothing breaks, the way back is exact."""

import json
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiendo.reading import day_written, language_of, provisions, read, symbols, to_json

WORDS = [
    "Bộ Tài chính", "giao", "trước ngày 15/12/2025", "a)", "II.", "\n", ";", ":", "доложить",
    "Министерству", "до 1 мая", "№ 57", "le comité doit", "de", "d'", "faire", "The board", "shall",
    "to", "12,5 %", "57-NQ/TW", "https://a.vn/202510/", "|", "«", "e\u0301", "\u200b", "1 132",
]  # fmt: skip
ANY = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=60).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(text=ANY, language=st.sampled_from(["vi", "fr", "ru", "en", "xx", None]))
def test_any_text_is_read_and_every_span_is_exact(text, language):
    reading = read(text, language)

    for read_one in (*reading.directives, *reading.figures, *reading.citations):
        start, end = read_one.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == read_one.quote
    for directive in reading.directives:
        assert len(directive.action) <= 200
        assert [text[a:b] for a, b in directive.assignee_spans] == list(directive.assignees)
    assert all(0 <= a <= b <= len(text) for a, b in reading.sentences)
    json.dumps(to_json(reading, "any"))


@settings(max_examples=60, deadline=None)
@given(text=ANY)
def test_any_text_has_a_language_a_tree_and_perhaps_a_day(text):
    assert language_of(text) in {"vi", "fr", "ru", "en"}
    day_written(text)
    symbols.parse(text)
    tree = provisions(text)
    addresses = [provision.address for provision in tree]
    assert len(set(addresses)) == len(addresses)
    assert all(p.parent is None or p.parent in addresses for p in tree)


def test_decomposed_letters_are_read_alike_and_quoted_as_written():
    composed = "Bộ Tài chính chủ trì rà soát định mức, trước ngày 15/12/2025."
    decomposed = unicodedata.normalize("NFD", composed)

    [plain] = read(composed).directives
    [marked] = read(decomposed).directives

    assert marked.quote == unicodedata.normalize("NFD", plain.quote)
    assert marked.assignees == (unicodedata.normalize("NFD", "Bộ Tài chính"),)
    assert marked.deadline == plain.deadline == "2025-12-15"


@pytest.mark.parametrize(
    "again",
    [
        "a",
        "1",
        "(",
        "\n",
        " ",
        "1.1.",
        "le comité doit ",
        "12/12/2025 ",
        "nghị quyết số 57, ",
        "| ",
    ],
)
def test_a_hostile_text_is_read_in_linear_time(again):
    def took(size):
        text = again * (size // len(again))
        begun = time.process_time()
        read(text, "fr")
        return time.process_time() - begun

    took(1_000)
    # Four times the text must not take sixteen times the time.
    assert took(40_000) < 9 * took(10_000) + 0.5
