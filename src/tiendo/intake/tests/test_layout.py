"""The text as the desk shows it: nothing lost, nothing twice."""

from hypothesis import given
from hypothesis import strategies as st

from tiendo.intake.layout import lines_of, numbered, sentence_numbers
from tiendo.intake.models import Proposal

TEXT = "I. TASKS\n1. Rivers shall flow before May. Roads shall end.\nSea."
SPANS = [[3, 8], [12, 41], [42, 58], [59, 63]]
spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)


def a_proposal(
    pk: int, start: int, end: int, bits: list[dict[str, object]] | None = None
) -> Proposal:
    return Proposal(pk=pk, number=pk, start=start, end=end, bits=bits or [])


def said(lines) -> list[str]:
    return ["".join(bit.text for one in line.stretches for bit in one.bits) for line in lines]


def test_a_heading_shows_its_marker_and_takes_no_number():
    sentences = numbered(TEXT, SPANS, [0], [12])
    lines = lines_of(TEXT, sentences, [], None)

    assert said(lines)[0] == "I. TASKS"
    assert [(line.is_heading, line.number) for line in lines] == [
        (True, 0),
        (False, 1),
        (False, 2),
        (False, 3),
    ]
    assert sentence_numbers(sentences, {7: 12, 8: 42}) == {7: 1, 8: 2}


def test_the_open_proposal_carries_its_letters():
    bits = [{"letter": "A", "start": 12, "end": 18}, {"letter": "C", "start": 30, "end": 40}]
    current = a_proposal(1, 12, 41, bits)

    line = lines_of(TEXT, numbered(TEXT, SPANS, [], [12]), [current], current)[1]

    assert [(bit.text, bit.letter) for bit in line.stretches[0].bits if bit.letter] == [
        ("Rivers", "A"),
        ("before May", "C"),
    ]
    assert line.stretches[0].look == "is-now"


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=4))
def test_however_proposals_and_bits_overlap_every_character_stands_once(found, marks):
    bits = [{"letter": "A", "start": start, "end": end} for start, end in marks]
    proposals = [a_proposal(n, start, end, bits) for n, (start, end) in enumerate(found, 1)]
    sentences = numbered(TEXT, SPANS, [], [one.start for one in proposals])

    lines = lines_of(TEXT, sentences, proposals, proposals[0] if proposals else None)

    assert said(lines) == [TEXT[start:end] for start, end in SPANS]
