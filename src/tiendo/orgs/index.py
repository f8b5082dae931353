"""The names in use on the days of one stretch of time, folded once, and the ways to find a unit by them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from tiendo.orgs.models import Kind
from tiendo.orgs.names import ELISION, bare, fold, has_marks, peel, spell, stem, without_article
from tiendo.orgs.register import Called, Group, Register, plain, plain_stem, whole

EXACT, BARE, STEM, NEAR, GROUP, HEIR, WITH_NAME = 100, 97, 95, 94, 95, 80, 94
WRONG_MARKS, OTHER_LANGUAGE, ELSEWHERE = 12, 1, 35
BODY_CUTOFF, PLACE_CUTOFF, WORDS_CUTOFF = 84, 88, 93
SMALL_PLACES = frozenset({Kind.DISTRICT, Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE})
PLACES = SMALL_PLACES | {Kind.PROVINCE}
RANK = {
    Kind.COUNTRY: 0,
    Kind.PROVINCE: 1,
    Kind.DISTRICT: 3,
    Kind.WARD: 4,
    Kind.SPECIAL_ZONE: 4,
    Kind.COMMUNE: 5,
}
OF = re.compile(r"\s+(?:de la|de l|de|du|of the|of|cua|tai)$")
BREAKS = re.compile(r"\s*(?:[,;:(]|\s[-–—]\s)")


Scorer = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Match:
    """A unit a name can mean, or a group of units; `score` out of 100, `why` says how it was found."""

    unit_id: int | None
    score: int
    why: str
    unit_ids: tuple[int, ...] = ()


class Index:
    """The names in use on the days of one stretch."""

    def __init__(self, register: Register, on: date):
        self.register, self.on = register, on
        self.types: dict[int, str] = {}
        self.full: dict[str, list[Called]] = defaultdict(list)
        self.short: dict[str, list[Called]] = defaultdict(list)
        self.stems: dict[str, list[Called]] = defaultdict(list)
        self.past: dict[str, set[int]] = defaultdict(set)
        self.bodies: dict[str, list[Called]] = defaultdict(list)
        for name in register.names:
            kind, _path, begins, ends = register.units[name.unit]
            if begins <= on and (ends is None or ends > on):
                if name.starts_on <= on and (name.ends_on is None or name.ends_on > on):
                    self.add(name, kind)
            elif ends is not None and ends <= on:
                self.past[without_article(name.folded).replace(" ", "")].add(name.unit)
        self.body_names, self.short_names = list(self.bodies), list(self.short)
        self.kinds: dict[str, list[int]] = defaultdict(list)
        for unit, (kind, _path, begins, ends) in register.units.items():
            if begins <= on and (ends is None or ends > on):
                self.kinds[kind].append(unit)

    def add(self, name: Called, kind: str) -> None:
        if kind in PLACES:
            word, rest = bare(name.folded) if name.language == "vi" else ("", name.folded)
            self.short[rest.replace(" ", "")].append(name)
            if word:
                self.types[name.unit] = word
            if kind != Kind.PROVINCE:
                if word or name.folded[-1].isdigit():
                    self.full[name.folded.replace(" ", "")].append(name)
                return
        self.full[name.folded.replace(" ", "")].append(name)
        key = without_article(name.folded)
        self.bodies[key].append(name)
        if key != name.folded:
            self.full[key.replace(" ", "")].append(name)
        if name.language == "ru":
            self.stems[stem(key).replace(" ", "")].append(name)

    # ------------------------------------------------------------ exactly
    def exactly(self, written: str, language: str | None, near: int | None) -> list[Match] | None:
        """Matches of the whole words; None when nothing of that name is known."""
        group = self.group(written)
        if group is not None and group.means == "all":
            return self.all_of(group, near)
        if group is not None and near is not None and (around := self.around(group, written, near)):
            return around
        found = self.same(written, language)
        if group is not None and self.province_of(near) is not None:
            found = {
                unit: (score - ELSEWHERE, "elsewhere") for unit, (score, _why) in found.items()
            }
        if found or group is not None:
            return self.ranked(found, near) + self.gone_province(written, found, near)
        return (
            self.heirs(written, near) or self.in_place(written) or self.with_name(written) or None
        )

    def in_place(self, written: str) -> list[Match]:
        """'Ban Chỉ đạo tỉnh Hà Giang': a common name, then the place whose it is."""
        words = without_article(written).split()
        for count in range(1, min(6, len(words))):
            head, tail = OF.sub("", " ".join(words[:-count])), " ".join(words[-count:])
            group = self.group(head)
            if group is not None and group.means == "one":
                places = [
                    u for u in self.same(tail, None) if self.register.units[u][0] == Kind.PROVINCE
                ]
                if len(places) == 1:
                    return self.around(group, head, places[0])
        return []

    def with_name(self, written: str) -> list[Match]:
        """'Bộ trưởng Bộ Y tế Đào Hồng Lan': a body, then the name of whoever speaks for it."""
        words = without_article(written).split()
        for count in range(2, min(5, len(words) - 1)):
            head, tail = " ".join(words[:-count]), "".join(words[-count:])
            if tail in self.short or peel(" ".join(words[-count:]))[0] or self.group(head):
                return []
            found = {
                name.unit: (WITH_NAME, "exact") for name in self.full.get(head.replace(" ", ""), ())
            }
            if found:
                return self.ranked(found, None)
        return []

    def same(self, written: str, language: str | None) -> dict[int, tuple[int, str]]:
        folded = without_article(written)
        best: dict[int, tuple[int, str]] = {}
        for key in dict.fromkeys((fold(written).replace(" ", ""), folded.replace(" ", ""))):
            for name in self.full.get(key, ()):
                keep(best, name.unit, EXACT - fault(written, name, language), "exact")
        words, rest = peel(folded)
        for key, wanted in ((rest, words), (folded, frozenset[str]())):
            for name in self.short.get(key.replace(" ", ""), ()):
                if not wanted or self.types.get(name.unit, "") in wanted:
                    score = (EXACT - 1 if wanted else BARE) - fault(written, name, language)
                    keep(best, name.unit, score, "exact" if wanted else "short")
        for name in self.stems.get(stem(folded).replace(" ", ""), ()) if not best else ():
            keep(best, name.unit, STEM, "exact")
        if not best and words and (kin := stem(rest)) != rest:
            return {unit: (STEM, why) for unit, (_s, why) in self.same(kin, language).items()}
        return best

    def heirs(self, written: str, near: int | None) -> list[Match]:
        """The name of a unit that has ended: whoever took over answers, and the match says so."""
        folded = without_article(written)
        words, rest = peel(folded)
        ended = set(self.past.get(folded.replace(" ", ""), ()))
        for word in words or ("tinh", "thanh pho"):
            ended |= self.past.get(f"{word} {rest}".replace(" ", ""), set())
        if not words:
            ended = {u for u in ended if self.register.units[u][0] not in SMALL_PLACES}
        heirs = {
            heir: (HEIR, "heir") for unit in ended if (heir := self.last_heir(unit)) is not None
        }
        return self.ranked(heirs, near)

    def gone_province(
        self, written: str, found: Collection[int | None], near: int | None
    ) -> list[Match]:
        """'Yên Bái' is a commune today; who writes it may still mean the province that is gone."""
        if not found or peel(without_article(written))[0]:
            return []
        return [match for match in self.heirs(written, near) if match.unit_id not in found]

    def last_heir(self, unit: int) -> int | None:
        while unit in self.register.heirs and not self.stands(unit):
            unit = self.register.heirs[unit]
        return unit if self.stands(unit) else None

    def stands(self, unit: int) -> bool:
        _kind, _path, begins, ends = self.register.units[unit]
        return begins <= self.on and (ends is None or ends > self.on)

    # ------------------------------------------------------------ groups
    def group(self, written: str) -> Group | None:
        groups = self.register.groups
        return (
            groups.get(whole(written))
            or groups.get(plain(written))
            or groups.get(plain_stem(written))
        )

    def all_of(self, group: Group, near: int | None) -> list[Match]:
        """All units of the kinds; those of the writer's own province when it speaks of what lies beneath."""
        units = sorted(u for kind in group.kinds - {"provincial_party"} for u in self.kinds[kind])
        if "provincial_party" in group.kinds:
            units = self.provincial_parties()
        home = self.province_of(near)
        local = not group.kinds & {"ministry", "agency", "province", "provincial_party"}
        if home and local:
            path = self.register.units[home][1]
            units = [u for u in units if self.register.units[u][1].startswith(path)]
        return [Match(None, GROUP, "group", tuple(units))] if units else []

    def provincial_parties(self) -> list[int]:
        provinces = {self.register.units[u][1] for u in self.kinds[Kind.PROVINCE]}
        units = self.register.units
        return sorted(
            u for u in self.kinds[Kind.PARTY] if units[u][1].removesuffix(f"{u}/") in provinces
        )

    def around(self, group: Group, written: str, near: int) -> list[Match]:
        """The province of the writer, or the Party committee, department or committee beneath it."""
        home = self.province_of(near)
        if home is None:
            return []
        if "province" in group.kinds:
            return [Match(home, NEAR, "near")]
        path = self.register.units[home][1]
        kinds = {Kind.PARTY if kind == "provincial_party" else kind for kind in group.kinds}
        beneath = [
            u
            for kind in sorted(kinds)
            for u in self.kinds[kind]
            if self.register.units[u][1].startswith(path)
        ]
        key = without_article(written)
        called = {
            n.unit for name in self.body_names if name.startswith(key) for n in self.bodies[name]
        }
        chosen = [unit for unit in beneath if unit in called] or beneath
        return [Match(unit, NEAR, "near") for unit in sorted(chosen)]

    def province_of(self, unit: int | None) -> int | None:
        if unit is None or unit not in self.register.units:
            return None
        above = (int(number) for number in self.register.units[unit][1].split("/") if number)
        return next((u for u in above if self.register.units[u][0] == Kind.PROVINCE), None)

    # ------------------------------------------------------------ roughly
    def roughly(self, written: str, language: str | None, near: int | None) -> list[Match]:
        """Nearest names by letters, then by words."""
        folded = without_article(BREAKS.split(written, maxsplit=1)[0])
        if len(folded) < 3:
            return []
        best: dict[int, tuple[int, str]] = {}
        self.nearest(folded, self.body_names, BODY_CUTOFF, fuzz.ratio, self.bodies, language, best)
        if not best and len(folded.split()) > 2:
            pool, scorer = self.body_names, fuzz.token_sort_ratio
            self.nearest(folded, pool, WORDS_CUTOFF, scorer, self.bodies, language, best)
        words, rest = peel(folded)
        if not best and len(rest) > 3:
            key = rest.replace(" ", "")
            for text, score, _at in process.extract(
                key, self.short_names, scorer=fuzz.ratio, score_cutoff=PLACE_CUTOFF, limit=10
            ):
                for name in self.short[text]:
                    if not words or self.types.get(name.unit, "") in words:
                        keep(best, name.unit, round(score) - 3, "fuzzy")
        return self.ranked(best, near)

    def nearest(
        self, folded: str, pool: list[str], cutoff: int, scorer: Scorer, names: dict[str, list[Called]],
        language: str | None, best: dict[int, tuple[int, str]],
    ) -> None:  # fmt: skip
        hits = process.extract(folded, pool, scorer=scorer, score_cutoff=cutoff, limit=10)
        for text, score, _at in hits:
            for name in names[text]:
                less = OTHER_LANGUAGE if language and name.language not in (language, "vi") else 0
                keep(best, name.unit, min(round(score), EXACT - 5) - less, "fuzzy")

    # ------------------------------------------------------------ order
    def ranked(self, found: dict[int, tuple[int, str]], near: int | None) -> list[Match]:
        """Best score first; among equals the writer's own province, then the wider unit."""
        home = self.province_of(near)
        path = self.register.units[home][1] if home else None
        units = self.register.units

        def place(item: tuple[int, tuple[int, str]]) -> tuple[int, bool, int, int]:
            unit, (score, _why) = item
            return (
                -score,
                bool(path) and not units[unit][1].startswith(path or ""),
                *self.order(unit),
            )

        return [Match(unit, score, why) for unit, (score, why) in sorted(found.items(), key=place)]

    def order(self, unit: int) -> tuple[int, int]:
        return RANK.get(Kind(self.register.units[unit][0]), 2), unit


def keep(best: dict[int, tuple[int, str]], unit: int, score: int, why: str) -> None:
    if unit not in best or best[unit][0] < score:
        best[unit] = score, "fuzzy" if score <= EXACT - WRONG_MARKS else why


def fault(written: str, name: Called, language: str | None) -> int:
    """Points lost by an exact match: wrong marks mean another name, missing ones only haste."""
    lost = OTHER_LANGUAGE if language and name.language not in (language, "vi") else 0
    if has_marks(written) and (name.language == "vi" or not has_marks(name.text)):
        said, known = spell(ELISION.sub(r"\1 ", written)), spell(ELISION.sub(r"\1 ", name.text))
        if said != known and not known.endswith(" " + said) and not said.endswith(" " + known):
            lost += 1 if without_words(said) == without_words(known) else WRONG_MARKS
    return lost


def without_words(spelled: str) -> str:
    """A spelled name without the word that says what it is, so that 'TP. Huế' is 'Thành phố Huế'."""
    words = spelled.split()
    for count in (2, 1):
        if len(words) > count and fold(re.sub(r"\d", "", " ".join(words[:count]))) in (
            *PREFIX_WORDS,
        ):
            return " ".join(words[count:])
    return spelled


PREFIX_WORDS: Iterable[str] = (
    "tinh", "thanh pho", "tp", "thi xa", "huyen", "quan", "xa", "phuong", "thi tran", "dac khu",
)  # fmt: skip
