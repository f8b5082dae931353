"""A language of no country: every sentence of the code in brackets, accented and a third longer.

Whatever a page shows outside the brackets was never given to the translators. `write` puts it in the place of French,
so that numbers and days have a language that the libraries know.
"""

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

import messages
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

INSTEAD_OF = "fr"
OPENS, CLOSES = "⟦", "⟧"
LONGER = 0.35
KEPT = re.compile(r"%\(\w+\)[#0\- +]*\d*[a-z]|%[sd%]|</?[a-zA-Z][^>]*>|&#?\w+;|\{\w*\}|\n")
LETTERS = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
FILLING = "ěxtra lóngér wórds "


def pseudo(words: str) -> str:
    """⟦Táškš ěxt⟧: placeholders and tags stay as they are."""
    filling = (FILLING * (len(words) // len(FILLING) + 1))[: round(len(words) * LONGER)]
    return f"{OPENS}{accented(words)} {filling.strip()}{CLOSES}"


def accented(words: str) -> str:
    plain = KEPT.split(words)
    kept = [*KEPT.findall(words), ""]
    return "".join(a.translate(LETTERS) + b for a, b in zip(plain, kept, strict=True))


def write(folder: Path) -> None:
    """The catalog, where a house looks for its own words."""
    catalog = Catalog(locale=INSTEAD_OF, domain="django")
    for message, context in said():
        catalog.add(message, bracketed(message, catalog.num_plurals), context=context)
    place = folder / INSTEAD_OF / "LC_MESSAGES" / "django.mo"
    place.parent.mkdir(parents=True)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    place.write_bytes(buffer.getvalue())


def bracketed(message: Any, forms: int) -> Any:
    if isinstance(message, str):
        return pseudo(message)
    one, many = message
    return (pseudo(one), *[pseudo(many)] * (forms - 1))


def said() -> Iterator[tuple[Any, str | None]]:
    """The messages of this code, then those of the libraries whose pages and fields are shown."""
    own = messages.messages_of(messages.PACKAGE)
    for catalog in (own, *libraries()):
        for message in catalog:
            if message.id and (catalog is own or message.id not in own):
                yield message.id, message.context


def libraries() -> Iterator[Catalog]:
    for app in ("django", "allauth"):
        place = Path(import_module(app).__path__[0])
        for file in sorted(place.rglob(f"locale/{INSTEAD_OF}/LC_MESSAGES/django.po")):
            with (
                file.open("rb") as opened,
                redirect_stdout(io.StringIO()),
            ):  # it counts plurals otherwise
                yield read_po(opened, locale=INSTEAD_OF)
