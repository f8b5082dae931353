"""The words of each language, kept in TOML files that a linguist can edit."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("vi", "fr", "ru", "en")
PLAIN = "vi-plain"  # Vietnamese typed without its marks: the same file, marks taken off
MACRO = re.compile(r"\{([A-Z_]+)\}")
CLASS = re.compile(r"\[[^\]]*\]")
DEPTH = 6  # macros may use macros, never themselves


@dataclass(frozen=True)
class Lexicon:
    """One language's file, with its patterns compiled once."""

    language: str

    @property
    def spoken(self) -> str:
        """The language people speak, whichever way they type it."""
        return "vi" if self.language == PLAIN else self.language

    def words(self, key: str) -> list[str]:
        """The list under a dotted key, macros written out; empty when the file has none."""
        return _words(self.language, key)

    def table(self, key: str) -> dict[str, Any]:
        """The table under a dotted key; empty when the file has none."""
        found = _at(self.language, key)
        return found if isinstance(found, dict) else {}

    def rows(self, key: str) -> list[dict[str, str]]:
        """The array of tables under a dotted key, macros written out."""
        return _rows(self.language, key)

    def pattern(self, key: str, *, whole: bool = True, case: bool = False) -> re.Pattern[str]:
        """Any of the words under key; `whole` asks for word borders on both sides."""
        return _pattern(self.language, key, whole, case)

    def starts(self, key: str) -> re.Pattern[str]:
        """Same as pattern, meant for `match` at a place: no border asked on the left."""
        return _starts(self.language, key)

    def starts_free(self, key: str) -> re.Pattern[str]:
        """Any of the words under key, no border asked on either side."""
        return _pattern(self.language, key, False, False)

    def after(self, key: str) -> re.Pattern[str]:
        """Any of the words under key with a border on the left only."""
        return _after(self.language, key)

    def macro(self, name: str) -> str:
        """One macro written out."""
        return _expand(self.language, "{" + name + "}")


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; English for a language nobody taught us."""
    return Lexicon(language if language in (*LANGUAGES, PLAIN) else "en")


@cache
def _file(language: str) -> dict[str, Any]:
    path = files(__package__).joinpath(f"{language.removesuffix('-plain')}.toml")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(_unmarked(told)) if language == PLAIN else told


def _unmarked(told: Any) -> Any:
    if isinstance(told, dict):
        return {unmarked(key): _unmarked(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_unmarked(value) for value in told]
    return unmarked(told) if isinstance(told, str) else told


def unmarked(written: str) -> str:
    """The letters without their marks, one for one: "Đắk Lắk" becomes "Dak Lak"."""
    return "".join(_base(letter) for letter in written)


@cache
def _base(letter: str) -> str:
    return {"đ": "d", "Đ": "D"}.get(letter) or unicodedata.normalize("NFD", letter)[0]


def _at(language: str, key: str) -> Any:
    found: Any = _file(language)
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


@cache
def _words(language: str, key: str) -> list[str]:
    found = _at(language, key)
    return [_expand(language, str(word)) for word in found] if isinstance(found, list) else []


@cache
def _rows(language: str, key: str) -> list[dict[str, str]]:
    found = _at(language, key) or []
    return [{name: _expand(language, str(told)) for name, told in row.items()} for row in found]


def _expand(language: str, written: str) -> str:
    macros = {"HEAD": _at(language, "names.heads") or [], **_file(language).get("macros", {})}
    for _ in range(DEPTH):
        if not MACRO.search(written):
            break
        written = MACRO.sub(lambda m: _macro(language, macros, m[1]), written)
    # Only the digits we can count with; a macro is one alternative of words or one pattern.
    return CLASS.sub(lambda m: m[0].replace("\\d", "0-9"), written).replace("\\d", "[0-9]")


def _macro(language: str, macros: dict[str, Any], name: str) -> str:
    told = macros[name]
    if isinstance(told, str) and told.startswith("<"):
        return r"(?:" + "|".join(_at(language, told.strip("<>"))) + r")(?!\w)"
    return "(?:" + ("|".join(told) if isinstance(told, list) else str(told)) + ")"


@cache
def _pattern(language: str, key: str, whole: bool, case: bool) -> re.Pattern[str]:
    words = _words(language, key)
    body = "|".join(words) if words else "(?!)"
    if whole:
        body = rf"(?<!\w)(?:{body})(?:(?!\w)|(?<=\s))"
    return re.compile(body, 0 if case else re.IGNORECASE)


@cache
def _after(language: str, key: str) -> re.Pattern[str]:
    words = _words(language, key)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})" if words else "(?!)", re.IGNORECASE)


@cache
def _starts(language: str, key: str) -> re.Pattern[str]:
    words = _words(language, key)
    return re.compile(rf"(?:{'|'.join(words)})(?!\w)" if words else "(?!)", re.IGNORECASE)
