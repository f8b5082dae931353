"""The words people see, gathered and checked without GNU gettext: python tools/messages.py extract|compile|check.

`extract` reads the templates and the Python of the package and merges what it finds into locale/LANGUAGE/LC_MESSAGES/django.po;
a translator's work stays. `compile` writes the .mo beside each .po. `check` fails when a message of the code is missing, empty,
uncertain, or does not keep the placeholders and the tags of the original.
"""

import ast
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "tiendo"
LOCALE = ROOT / "locale"
LANGUAGES = ("vi", "fr", "ru")
# What each function of Django's translation takes, as Babel writes it: which argument is the message, which its context.
TAKES: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NO_DATE = datetime(2025, 1, 1, tzinfo=UTC)  # a date in the header would differ at every run
FOREIGN = "allauth"  # a translator's comment on the words of a library that has no catalog in this language
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*[a-z]")
TAG = re.compile(r"</?[a-z][\w-]*")

Found = tuple[str, Any, str | None]  # file, message (or singular and plural), context


def main(command: str = "") -> int:
    acts = {"extract": extract, "compile": compile_all, "check": check}
    if command not in acts:
        print(__doc__)
        return 2
    return acts[command]()


def extract() -> int:
    found = messages_of(PACKAGE)
    for language in LANGUAGES:
        catalog = merged(read(language), found)
        place = po_of(language)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(written(catalog))
        empty = [m for m in catalog if m.id and not all(forms(m))]
        print(f"{language}: {len(catalog)} messages, {len(empty)} still to translate")
    return 0


def compile_all() -> int:
    for language in LANGUAGES:
        place = po_of(language)
        if place.exists():
            buffer = io.BytesIO()
            write_mo(buffer, read(language))
            place.with_suffix(".mo").write_bytes(buffer.getvalue())
    return 0


def check() -> int:
    found = messages_of(PACKAGE)
    wrong = [
        f"{language}: {words}" for language in LANGUAGES for words in faults(read(language), found)
    ]
    print("\n".join(wrong) or f"{len(found)} messages stand in {', '.join(LANGUAGES)}.")
    return 1 if wrong else 0


# --- what the code says ---------------------------------------------------------------------------


def messages_of(package: Path) -> Catalog:
    """Every message of the package's templates and Python, tests left out."""
    catalog = Catalog(domain="django")
    for file, message, context in gathered(package):
        catalog.add(message, locations=[(file, 0)], context=context, flags=flags_of(message))
    return catalog


def gathered(package: Path) -> Iterator[Found]:
    for place in sorted(package.rglob("*")):
        if "tests" in place.parts or place.suffix not in {".py", ".html", ".txt"}:
            continue
        name = place.relative_to(package.parent).as_posix()
        text = place.read_text(encoding="utf-8")
        from_file = from_python(text) if place.suffix == ".py" else from_template(text, name)
        yield from ((name, message, context) for message, context in from_file)


def from_template(text: str, name: str = "") -> list[tuple[Any, str | None]]:
    """Django turns the tags into calls; each line is then flushed left, for Python's tokenizer minds the margin."""
    calls = templatize(text, origin=name)
    return read_calls("\n".join(line.strip() for line in calls.splitlines()), TAKES | {"_": None})


def from_python(text: str) -> list[tuple[Any, str | None]]:
    return read_calls(text, names_of_gettext(text))


def names_of_gettext(text: str) -> dict[str, Any]:
    """What this file calls Django's functions: `_`, `_t`, `lazy`…"""
    lines = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    names = (
        name for line in lines if line.module == "django.utils.translation" for name in line.names
    )
    return {name.asname or name.name: TAKES[name.name] for name in names if name.name in TAKES}


def read_calls(text: str, names: dict[str, Any]) -> list[tuple[Any, str | None]]:
    source = io.BytesIO(text.encode())
    calls = babel_extract("python", source, keywords=names, options={"encoding": "utf-8"})
    return [(message, context) for _line, message, _comments, context in calls]


def flags_of(message: Any) -> list[str]:
    words = message if isinstance(message, str) else message[0]
    return ["python-format"] if PLACEHOLDER.search(words) or "%%" in words else []


# --- what the translators say ---------------------------------------------------------------------


def po_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    place = po_of(language)
    if not place.exists():
        return Catalog(locale=language, domain="django")
    with place.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def merged(catalog: Catalog, found: Catalog) -> Catalog:
    """The catalog with the code's messages; a message that came back takes its old translation up again."""
    for message in catalog.obsolete.values():
        if message.id not in catalog:
            catalog[message.id] = message
    catalog.obsolete.clear()
    foreign = [message for message in catalog if FOREIGN in message.user_comments]
    catalog.update(found, update_creation_date=False)
    for message in foreign:
        if catalog.get(message.id, message.context) is None:
            catalog.obsolete.pop(catalog._key_for(message.id, message.context), None)
            catalog[message.id] = message
    catalog.header_comment = "# Tiendo: AGPL-3.0-or-later, like the code whose words these are."
    catalog.fuzzy = False
    catalog.project, catalog.version, catalog.msgid_bugs_address = "Tiendo", "", ""
    catalog.last_translator = catalog.language_team = "Tiendo"
    catalog.creation_date = catalog.revision_date = NO_DATE
    return catalog


def written(catalog: Catalog) -> bytes:
    """Sorted, with files but no line numbers, so that a change shows as a change."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def faults(catalog: Catalog, found: Catalog) -> Iterator[str]:
    """What is wrong with a catalog, one sentence each."""
    for message in found:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        given = catalog.get(message.id, message.context)
        if given is None:
            yield f"missing: {name!r}"
        elif not all(forms(given)):
            yield f"empty: {name!r}"
        elif given.fuzzy:
            yield f"uncertain (fuzzy): {name!r}"
        else:
            yield from (f"{fault}: {name!r}" for fault in faults_of_words(given))


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def faults_of_words(message: Message) -> Iterator[str]:
    original = (message.id,) if isinstance(message.id, str) else message.id
    wanted = {name for words in original for name in PLACEHOLDER.findall(words)}
    tags = sorted(TAG.findall(original[-1]))
    for words in forms(message):  # each form names its number: the Russian “one” is also 21 and 31
        kept = set(PLACEHOLDER.findall(words))
        if kept != wanted:
            yield f"placeholders {sorted(kept)} for {sorted(wanted)}"
        elif flags_of(original) and not can_be_filled(words):
            yield "a % that is no placeholder (write %%)"
        if sorted(TAG.findall(words)) != tags:
            yield "other tags than the original"


def can_be_filled(words: str) -> bool:
    try:
        words % defaultdict(int)
    except (ValueError, TypeError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
