"""Which of the four languages a text is written in: its script, its marks, its small words."""

import re
from collections import Counter

from tiendo.reading.lexicon import LANGUAGES, PLAIN, Lexicon, lexicon, unmarked

LOOKED_AT = 20_000  # characters; a longer text is not written in another language further down
MARKED_SHARE = 50  # one marked letter in fifty, and the text was typed with its marks
WORD = re.compile(r"[^\W\d_]+")
VIETNAMESE_LETTER = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def language_of(text: str) -> str:
    """`vi`, `fr`, `ru` or `en`; `en` when nothing tells."""
    opening = text[:LOOKED_AT].lower()
    words = WORD.findall(opening)
    if not words:
        return "en"
    if sum(1 for word in words if CYRILLIC.search(word)) * 3 > len(words):
        return "ru"
    counted = Counter(words)
    points = {language: _points(language, counted) for language in LANGUAGES if language != "ru"}
    points["vi"] += sum(1 for word in words if VIETNAMESE_LETTER.search(word))
    best = max(points, key=lambda language: points[language])
    return best if points[best] else "en"


def spelled(text: str, language: str) -> tuple[str, Lexicon]:
    """The text and the lexicon to read it by: Vietnamese typed without marks has its own."""
    if language != "vi":
        return text, lexicon(language)
    opening = text[:LOOKED_AT].lower()
    if len(VIETNAMESE_LETTER.findall(opening)) * MARKED_SHARE > len(opening):
        return text, lexicon(language)
    return unmarked(text), lexicon(PLAIN)


def _points(language: str, counted: Counter[str]) -> int:
    return sum(counted[word] for word in lexicon(language).words("language.small_words"))
