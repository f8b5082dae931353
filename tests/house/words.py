"""Rules for templates: every word a person reads can be translated; nothing runs or is dressed inline."""

import re
from collections.abc import Iterator

OWN_NAMES = {"Tiendo", "SHA"}  # names that no language translates
UNSEEN = [
    re.compile(r"{#.*?#}"),
    re.compile(r"{%\s*comment.*?endcomment\s*%}", re.S),
    re.compile(r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}", re.S),
    re.compile(r"<(script|style|kbd)\b.*?</\1>", re.S),
    re.compile(r"<!--.*?-->", re.S),
]
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)
READ_ALOUD = re.compile(r"""\b(title|aria-label|placeholder|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
HTML_TAG = re.compile(r"<[^>]*>", re.S)
ATTRIBUTE = re.compile(
    r"""[\w:-]+=(?:"[^"]*"|'[^']*')"""
)  # one that a block adds to its parent's element
ENTITY = re.compile(r"&[#\w]+;")
WORD = re.compile(r"[^\W\d_]{2,}")
COUNTED = re.compile(r"{{[^}]*\|\s*length\b[^}]*}}")

# Where a page shows how many rows it lists, and why that number is no figure.
MAY_SHOW_LENGTH = {
    "src/tiendo/web/templates/web/my_work.html": "one's own list, as long as it stands below",
}

INLINE = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline handler": re.compile(r"\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.I),
    "a javascript address": re.compile(r"javascript:", re.I),
    "something from another host": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
}


def inline(template: str) -> Iterator[str]:
    plain = TEMPLATE_TAG.sub(
        blank, UNSEEN[0].sub(blank, template)
    )  # a tag's arguments dress nothing
    for fault, pattern in INLINE.items():
        for found in pattern.finditer(plain):
            yield f"line {line_of(plain, found.start())}: {fault}"


def untranslated(template: str) -> Iterator[str]:
    """Words outside translation tags, in the text or in attributes people read."""
    plain = template
    for unseen in UNSEEN:
        plain = unseen.sub(blank, plain)
    plain = TEMPLATE_TAG.sub(blank, plain)
    for found in READ_ALOUD.finditer(plain):
        for word in strange(found.group(2) or found.group(3) or ""):
            yield f"line {line_of(plain, found.start())}: {found.group(1)} “{word}”"
    text = plain
    for markup in (HTML_TAG, ATTRIBUTE, ENTITY):
        text = markup.sub(blank, text)
    for found in WORD.finditer(text):
        if found.group() not in OWN_NAMES:
            yield f"line {line_of(text, found.start())}: “{found.group()}”"


def lengths(template: str) -> Iterator[str]:
    for found in COUNTED.finditer(template):
        yield f"line {line_of(template, found.start())}: {found.group()} makes a number"


CRUMB = re.compile(r"{%\s*block (?:crumb|room)\s*%}(.*?){%\s*endblock\s*%}", re.S)
ITEM = re.compile(r"<li\b.*?</li>", re.S)


def loose_crumbs(template: str) -> Iterator[str]:
    """Crumbs are a list: what stands in their block is `<li>`s; other words beside them go to the block `aside`."""
    for found in CRUMB.finditer(template):
        items = ITEM.sub("", found.group(1))
        loose = re.sub(r"{%.*?%}", "", items.replace("{% first_crumb %}", "")).strip()
        if loose or "{% translate" in items:
            yield f"line {line_of(template, found.start())}: only <li>s stand in a block of crumbs"


def strange(words: str) -> list[str]:
    return [word for word in WORD.findall(words) if word not in OWN_NAMES]


def blank(found: re.Match[str]) -> str:
    """What is not looked at leaves its lines behind, so that a fault names the right one."""
    return re.sub(r"[^\n]", " ", found.group())


def line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
