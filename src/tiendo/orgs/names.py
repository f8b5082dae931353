"""Names of units: keys to compare them by, and their derived spellings (pure, no Django)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The five tones of Vietnamese as combining marks: grave, acute, tilde, hook above, dot below.
TONES = "\u0300\u0301\u0303\u0309\u0323"
# Letters that no normal form takes apart. Eth is what many keyboards type for the Vietnamese Đ.
STROKES = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss"})
ETH = str.maketrans({"Ð": "Đ", "ð": "đ"})
APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc\u02bb\u00b4`\u2032]")
NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Key without case, marks and punctuation: 'Xã Hoà H’Leo' gives 'xa hoa hleo'."""
    apart = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold()
    bare = "".join(c for c in apart if not unicodedata.combining(c)).translate(STROKES)
    return NOT_A_WORD.sub(" ", bare).strip()


def squeeze(text: str) -> str:
    """Folded key without spaces, so that 'TP. HCM', 'TP.HCM' and 'tphcm' are one."""
    return fold(text).replace(" ", "")


def spell(text: str) -> str:
    """Key that keeps the marks but not the place of the tone: Hòa is Hoà, Ð is Đ, NFD is NFC."""
    plain = APOSTROPHES.sub("", text.translate(ETH))
    words = unicodedata.normalize("NFD", plain).casefold().split()
    return NOT_A_WORD.sub(" ", " ".join(_tone_last(word) for word in words)).strip()


def _tone_last(word: str) -> str:
    tone = "".join(str(TONES.index(c) + 1) for c in word if c in TONES)
    letters = "".join(c for c in word if c not in TONES)
    return unicodedata.normalize("NFC", letters) + tone


def has_marks(text: str) -> bool:
    """Whether the writer used Vietnamese marks, so that a wrong mark means a wrong name."""
    return any(unicodedata.combining(c) or c in "đĐðÐ" for c in unicodedata.normalize("NFD", text))


def unmarked(text: str) -> str:
    """French and English spelling of a place: its letters, capitals kept, marks dropped."""
    apart = unicodedata.normalize("NFD", text.translate(ETH))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare.translate(str.maketrans("đĐ", "dD")))


# Russian: Vietnamese-Russian practical transcription (the rules of Russian cartography, in our own
# table). A syllable is onset + rhyme; longest onset first.
ONSETS = {
    "ngh": "нг", "ng": "нг", "nh": "нь", "ch": "ть", "tr": "ч", "th": "тх", "ph": "ф", "kh": "кх",
    "gh": "г", "gi": "зь", "qu": "ку", "b": "б", "c": "к", "k": "к", "d": "з", "đ": "д", "g": "г",
    "h": "х", "l": "л", "m": "м", "n": "н", "p": "п", "r": "р", "s": "ш", "t": "т", "v": "в",
    "x": "с", "": "",
}  # fmt: skip
CODAS = {"ng": "нг", "nh": "нь", "ch": "ть", "c": "к", "k": "к", "m": "м", "n": "н", "p": "п",
         "t": "т", "": ""}  # fmt: skip
NUCLEI = {
    "a": "а", "ă": "а", "â": "а", "e": "е", "ê": "е", "i": "и", "y": "и", "o": "о", "ô": "о",
    "ơ": "о", "u": "у", "ư": "ы", "ai": "ай", "ay": "ай", "ao": "ао", "au": "ау", "âu": "ау",
    "ây": "эй", "eo": "ео", "êu": "еу", "ia": "иа", "iê": "ье", "iêu": "ьеу", "iu": "иу",
    "oa": "оа", "oă": "оа", "oai": "оай", "oay": "оай", "oao": "оао", "oe": "оэ", "oeo": "оэо",
    "oi": "ой", "ôi": "ой", "ơi": "ой", "oo": "о", "ua": "уа", "uâ": "уа", "uây": "уэй",
    "uê": "уэ", "ui": "уй", "uô": "уо", "uôi": "уой", "uơ": "уо", "uy": "юи", "uya": "юя",
    "uyê": "уе", "uyu": "юиу", "ưa": "ыа", "ưi": "ый", "ươ": "ыо", "ươi": "ыой", "ươu": "ыоу",
    "ưu": "ыу", "ya": "иа", "yê": "ье", "yêu": "ьеу",
}  # fmt: skip
SOFT = {"а": "я", "о": "ё", "у": "ю", "э": "е"}
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyzđ", "абкдефгхидклмнопкрстуввсизд", strict=True))
# Established names, which usage does not take from the table.
ESTABLISHED_RU = {
    "Hà Nội": "Ханой", "Hải Phòng": "Хайфон", "Hồ Chí Minh": "Хошимин", "Huế": "Хюэ",
    "Thừa Thiên Huế": "Тхыатхьен-Хюэ", "Việt Nam": "Вьетнам", "Côn Đảo": "Кондао",
    "Bà Rịa - Vũng Tàu": "Бариа-Вунгтау", "Buôn Ma Thuột": "Буонматхуот",
}  # fmt: skip
PIECE = re.compile(r"([^\W\d_]+|\d+|[^\w\s]+|_+)")


@lru_cache(maxsize=16384)
def russian(text: str) -> str:
    """Russian spelling of a Vietnamese place name: 'Hà Giang' gives 'Хазянг'."""
    name = unicodedata.normalize("NFC", APOSTROPHES.sub("", text.translate(ETH))).strip()
    if name in ESTABLISHED_RU:
        return ESTABLISHED_RU[name]
    return " - ".join(_one_word(part) for part in re.split(r"\s+-\s+", name)).replace(" - ", "-")


def _one_word(text: str) -> str:
    """Syllables of a name written together, numbers apart: 'Hà Giang 2' gives 'Хазянг 2'."""
    words: list[str] = []
    for piece in PIECE.findall(text):
        if piece.isdigit() or not piece[0].isalpha():
            words.append(piece)
        elif words and words[-1][-1].isalpha():
            words[-1] += russian_syllable(piece)
        else:
            words.append(russian_syllable(piece).capitalize())
    return re.sub(r"\s*([-/])\s*", r"\1", " ".join(words)).replace("( ", "(").replace(" )", ")")


@lru_cache(maxsize=8192)
def russian_syllable(syllable: str) -> str:
    """One Vietnamese syllable in small Cyrillic letters; a foreign one goes letter by letter."""
    plain = "".join(c for c in unicodedata.normalize("NFD", syllable.lower()) if c not in TONES)
    plain = unicodedata.normalize("NFC", plain)
    for onset in sorted(ONSETS, key=len, reverse=True):
        rest = plain.removeprefix(onset)
        if not plain.startswith(onset):
            continue
        if onset == "gi" and (not rest or rest in CODAS):  # gì, gìn: the i is the vowel
            onset, rest = "gi", "i" + rest
        for coda in sorted(CODAS, key=len, reverse=True):
            if rest.endswith(coda) and rest.removesuffix(coda) in NUCLEI:
                return _join(onset, rest.removesuffix(coda)) + CODAS[coda]
    letters = "".join(LETTERS.get(c, c) for c in unmarked(plain))
    return "э" + letters[1:] if letters.startswith("е") else letters


def _join(onset: str, nucleus: str) -> str:
    start, vowel = ONSETS[onset], NUCLEI[nucleus]
    if not onset:
        return {"ье": "йе", "ьеу": "йеу", "е": "э", "еу": "эу", "ео": "эо"}.get(vowel, vowel)
    if onset == "qu":
        return start + {"е": "э", "ье": "е", "юи": "и"}.get(vowel, vowel)
    if onset == "h" and nucleus == "uê":
        return start + "юэ"
    return _softened(start, vowel) if start.endswith("ь") else start + vowel


def _softened(start: str, vowel: str) -> str:
    """The soft sign melts into the vowel that follows: ть + ау is тяу, but ть + ыо is тьыо."""
    if vowel[0] == "ь":
        return start[:-1] + vowel
    if vowel[0] in "еию":
        return start[:-1] + vowel
    if vowel[0] == "ы":
        return (start[:-1] if start == "зь" else start) + vowel
    return start[:-1] + SOFT[vowel[0]] + vowel[1:]


# Words that say what a place is, folded, and the Vietnamese words they stand for. They lead or close a
# name; they narrow the search and are not compared.
PLACE_WORDS: dict[str, frozenset[str]] = {
    word: frozenset(meant.split("|"))
    for words, meant in (
        ("tinh|province|province of|province de|province du|провинция|провинции|провинцию|пров", "tinh"),
        ("thanh pho|tp|city|city of|ville|ville de|город|города|городу|городе|г", "thanh pho"),
        ("huyen|quan|thi xa|district|district of|district de|town of|arrondissement de|уезд|уезда"
         "|уезде|раион|раиона|раионе", "huyen|quan|thi xa"),
        ("xa|thi tran|commune|commune of|commune de|township|bourg de|община|общины|общину|общине"
         "|коммуна|коммуны", "xa|thi tran"),
        ("phuong|ward|ward of|quartier|quartier de|квартал|квартала|квартале", "phuong"),
        ("dac khu|special zone|special zone of|zone speciale de|особая зона|особои зоны", "dac khu"),
    )
    for word in words.split("|")
}  # fmt: skip
LONGEST_FIRST = sorted(PLACE_WORDS, key=len, reverse=True)
PREFIXES = ("tinh", "thanh pho", "thi xa", "huyen", "quan", "thi tran", "xa", "phuong", "dac khu")


def peel(folded: str) -> tuple[frozenset[str], str]:
    """Split a folded name into what its words say it is and the bare name."""
    for word in LONGEST_FIRST:
        if folded.startswith(word + " "):
            return PLACE_WORDS[word], folded[len(word) + 1 :]
        if folded.endswith(" " + word):
            return PLACE_WORDS[word], folded[: -len(word) - 1]
    return frozenset(), folded


def bare(folded: str) -> tuple[str, str]:
    """A folded Vietnamese name of a place as its word and its name: ('xa', 'minh tan')."""
    for word in PREFIXES:
        if folded.startswith(word + " "):
            return word, folded[len(word) + 1 :]
    return "", folded


ARTICLES = re.compile(
    r"^(?:(?:the|le|la|les|l|du|de la|de l|des|de|d|a la|a l|au|aux|cac|tai|cua)\s+)+"
)
ELISION = re.compile(r"\b([ldLD])['’\u02bc](?=\w)")


def without_article(text: str) -> str:
    """Folded text without leading articles and prepositions: 'de l'Assemblée' is 'assemblee'."""
    return ARTICLES.sub("", fold(ELISION.sub(r"\1 ", text)))


# Russian words change their ends with the case; comparing stems lets 'Министерству' find itself.
RU_END = re.compile(
    r"(?:иями|ями|ами|иеи|ием|иях|ого|его|ому|ему|ыми|ими|ости|ость|ии|ия|ию|ие|ыи|ои|ая|яя|ое|ее"
    r"|ые|ым|им|ом|ем|ам|ям|ах|ях|ую|юю|ою|ею|ов|ев|ых|их|ей|еи|а|я|о|е|у|ю|ы|и|ь)$"
)


@lru_cache(maxsize=65536)
def stem(folded: str) -> str:
    """Russian words cut to their stems, other words as they are."""
    return " ".join(
        RU_END.sub("", word) if len(word) > 4 and "а" <= word[0] <= "я" else word
        for word in folded.split()
    )
