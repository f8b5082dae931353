"""The text of a Word, PDF, web or Markdown file (pure: no Django, no tables). Runs in a child: the file is a stranger's.

Each function takes the path of a file and gives {"text": …}; a PDF says its pages too, and that it is locked. A table becomes
lines of cells between bars, a numbered list gets the numbers that Word or a browser would have shown.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_PAGES = 1_000
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


# Numbers of lists, as they are shown ---------------------------------------------------------------


def roman(number: int) -> str:
    written = ""
    for worth, letters in ROMAN:
        written += letters * (number // worth)
        number %= worth
    return written


def letter(number: int) -> str:
    """a … z, then aa, bb, as Word counts."""
    return "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)


SHOWN: dict[str, Any] = {
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
    "a": letter,
    "A": lambda number: letter(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}
MOST_SHOWN = 5_000  # a list that counts higher is no list


def shown(number: int, look: str) -> str:
    return str(SHOWN.get(look, str)(max(1, min(number, MOST_SHOWN))))


def as_row(cells: list[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |"


def as_table(rows: list[list[str]]) -> list[str]:
    """Rows between bars; beneath the first one the rule that says it names the columns."""
    lines = [as_row(row) for row in rows]
    return [*lines[:1], "|" + "---|" * len(rows[0]), *lines[1:]] if len(rows) > 1 else lines


def told(lines: Iterator[str]) -> dict[str, Any]:
    return {"text": "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"}


# Word ----------------------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SKIPPED = {  # text taken out, formulas of fields, and the second telling of a box for old programs
    f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}tbl",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
MARKS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def from_docx(file: str) -> dict[str, Any]:
    """Paragraphs with their numbers and tables, in order; what was struck out in review is left out."""
    import docx

    document = docx.Document(file)
    return told(blocks(document.element.body, Numbering(document)))


def blocks(parent: Any, numbering: "Numbering") -> Iterator[str]:
    for child in parent:
        if child.tag == f"{W}p":
            yield numbering.label(child) + words(child)
        elif child.tag == f"{W}tbl":
            yield from table(child, numbering)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from blocks(child, numbering)


def words(element: Any) -> str:
    said = ""
    for child in element:
        if child.tag == f"{W}t":
            said += child.text or ""
        elif child.tag in MARKS:
            said += MARKS[child.tag]
        elif child.tag not in SKIPPED:
            said += words(child)
    return said


def table(element: Any, numbering: "Numbering") -> Iterator[str]:
    """A table as rows between bars; one that only lays out the head or the signature is read cell by cell."""
    rows = [list(row.iterfind(f".//{W}tc")) for row in element.iterfind(f"{W}tr")]
    if rows and is_layout(element, rows):
        for row in rows:
            for cell in row:
                yield from blocks(cell, numbering)
        return
    cells = [[" ".join(blocks(cell, numbering)) for cell in row] for row in rows if row]
    yield from as_table(cells) if cells else ()


def is_layout(element: Any, rows: list[list[Any]]) -> bool:
    if max(map(len, rows)) > 2:
        return False
    borders = element.findall(f"{W}tblPr/{W}tblBorders/*")
    if borders:
        return all(side.get(f"{W}val") in ("nil", "none") for side in borders)
    has_look = element.find(f"{W}tblPr/{W}tblStyle") is not None
    return not has_look and element.find(f".//{W}tcBorders") is None


class Numbering:
    """What Word writes before a paragraph of a list, which stands nowhere in its text."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, dict[int, Any]] = {}
        self.of_style: dict[str, tuple[str, int]] = {}
        self.counted: dict[str, dict[int, int]] = {}
        self.lists: dict[str, str] = {}
        root = next(
            (r.target_part.element for r in document.part.rels.values() if is_numbering(r)), None
        )
        if root is not None:
            self.learn(root)
        for style in document.styles.element.iterfind(f"{W}style"):
            if (found := numbered(style)) is not None:
                self.of_style[style.get(f"{W}styleId", "")] = found

    def learn(self, root: Any) -> None:
        kinds = {
            kind.get(f"{W}abstractNumId"): {
                int(level.get(f"{W}ilvl")): level for level in kind.iterfind(f"{W}lvl")
            }
            for kind in root.iterfind(f"{W}abstractNum")
        }
        for one in root.iterfind(f"{W}num"):
            kind = value_of(one.find(f"{W}abstractNumId"))
            number = one.get(f"{W}numId", "")
            own = one.find(f"{W}lvlOverride/{W}startOverride") is not None
            self.levels[number] = kinds.get(kind, {})
            self.lists[number] = f"own {number}" if own else f"kind {kind}"

    def label(self, paragraph: Any) -> str:
        style = value_of(paragraph.find(f"{W}pPr/{W}pStyle"))
        number, level = numbered(paragraph) or self.of_style.get(style, ("", 0))
        known = self.levels.get(number, {}).get(level)
        if known is None or not words(paragraph).strip():
            return ""
        counts = self.counted.setdefault(self.lists[number], {})
        counts[level] = counts.get(level, start_of(known) - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return self.written(number, level, counts)

    def written(self, number: str, level: int, counts: dict[int, int]) -> str:
        levels = self.levels[number]
        look, pattern = look_of(levels[level])
        if look in ("bullet", "none"):
            return "- " if look == "bullet" else ""
        for one in range(level + 1):
            if one in levels:
                count = counts.get(one, start_of(levels[one]))
                pattern = pattern.replace(f"%{one + 1}", shown(count, look_of(levels[one])[0]))
        return f"{pattern} "


def is_numbering(relation: Any) -> bool:
    return not relation.is_external and relation.reltype.endswith("/numbering")


def numbered(element: Any) -> tuple[str, int] | None:
    """The list and the level a paragraph or a style names."""
    found = element.find(f"{W}pPr/{W}numPr")
    if found is None:
        return None
    level = value_of(found.find(f"{W}ilvl"))
    return value_of(found.find(f"{W}numId")), int(level) if level.isdigit() else 0


def look_of(level: Any) -> tuple[str, str]:
    return value_of(level.find(f"{W}numFmt")), value_of(level.find(f"{W}lvlText"))


def start_of(level: Any) -> int:
    start = value_of(level.find(f"{W}start"))
    return int(start) if start.isdigit() else 1


def value_of(element: Any) -> str:
    return "" if element is None else element.get(f"{W}val", "")


# PDF -----------------------------------------------------------------------------------------------


def from_pdf(file: str) -> dict[str, Any]:
    """The text of each page without its page number. A scan has pages and no text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            return {"text": "", "pages": 0, "locked": True}
        raise
    pages = min(len(document), MOST_PAGES + 1)
    lines = (line for number in range(pages) for line in page_lines(document[number], number + 1))
    return {**told(lines), "pages": pages}


def page_lines(page: Any, number: int) -> Iterator[str]:
    written = page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "-")
    for line in written.split("\n"):
        if line.strip(" -–") != str(number):
            yield line


# Pages of the web ----------------------------------------------------------------------------------

HIDDEN = {"script", "style", "head", "noscript", "template", "svg", "iframe", "object", "math"}
HIDDEN |= {"button", "select", "textarea", "nav"}
BLOCKS = {
    "p", "div", "br", "hr", "section", "article", "header", "footer", "main", "aside", "ul", "ol", "li", "dl",
    "dt", "dd", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "address", "center",
}  # fmt: skip


def from_html(file: str) -> dict[str, Any]:
    """What a reader would see of the page, block by block."""
    from lxml import html

    content = Path(file).read_bytes()
    root = html.document_fromstring(content, parser=html.HTMLParser(encoding=encoding_of(content)))
    text = "".join(seen(root))
    return told(" ".join(line.split()) for line in text.split("\n"))


def encoding_of(content: bytes) -> str | None:
    """UTF-8 when it is; otherwise what the page says of itself."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def seen(element: Any) -> Iterator[str]:
    name = element.tag if isinstance(element.tag, str) else ""
    if name and name not in HIDDEN:
        if name == "table":
            yield "\n" + "\n".join(as_table(rows_of(element)) or ["", ""]) + "\n"
        else:
            yield from inside(element, name)
    yield " ".join((element.tail or "").split("\n"))


def inside(element: Any, name: str) -> Iterator[str]:
    if name in BLOCKS:
        yield "\n" + (item_mark(element) if name == "li" else "")
    yield " ".join((element.text or "").split("\n"))
    for child in element:
        yield from seen(child)
    if name in BLOCKS:
        yield "\n"


def item_mark(element: Any) -> str:
    above = element.getparent()
    if above is None or above.tag != "ol":
        return "- "
    start = above.get("start", "1")
    number = int(start) if start.isdigit() and len(start) < 6 else 1
    number += sum(one.tag == "li" for one in element.itersiblings(preceding=True))
    return f"{shown(number, above.get('type', '1'))}) "


def rows_of(element: Any) -> list[list[str]]:
    rows = element.xpath("./tr | ./*/tr")
    cells = [["".join(seen_in(cell)) for cell in row.iter("td", "th")] for row in rows]
    return [row for row in cells if row]


def seen_in(cell: Any) -> Iterator[str]:
    yield cell.text or ""
    for child in cell:
        yield from seen(child)


# Markdown ------------------------------------------------------------------------------------------


def from_markdown(file: str) -> dict[str, Any]:
    """The words without their marks; headings keep their signs, lists their marks, tables their bars."""
    from markdown_it import MarkdownIt

    text = Path(file).read_text(encoding="utf-8-sig")
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    return told(plain_lines(tokens))


def plain_lines(tokens: list[Any]) -> Iterator[str]:
    mark, row = "", list[str]()
    for before, token in zip([None, *tokens], tokens, strict=False):
        mark = mark_of(token) or mark
        if token.type == "inline" and before.type in ("th_open", "td_open"):
            row.append(spoken(token))
        elif token.type == "tr_close":
            yield as_row(row)
            row = []
        elif token.type in SAID:
            yield from (mark + spoken(token)).split("\n")
            mark = ""
        elif token.type == "thead_close" or (token.type.endswith("_close") and token.level == 0):
            yield "|---|" if token.type == "thead_close" else ""


SAID = ("inline", "fence", "code_block", "html_block")


def mark_of(token: Any) -> str:
    """What stands before the words of a heading or of one of a list."""
    if token.type == "heading_open" and token.markup.startswith("#"):
        return f"{token.markup} "
    if token.type == "list_item_open":
        return f"{token.info}{token.markup} " if token.info else "- "
    return ""


def spoken(token: Any) -> str:
    """The words of a token without stars, links and pictures."""
    if not token.children:
        return str(token.content)
    said = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        said.get(child.type, child.content) for child in token.children if child.type != "image"
    )
