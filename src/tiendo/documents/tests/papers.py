"""Files for tests, made on the spot: good ones, and ones that somebody made to hurt."""

import zipfile
from io import BytesIO

WORDS = "II. NHIEM VU\n1. Bo Y te bao cao."


def a_docx(*paragraphs: str, table: tuple[tuple[str, ...], ...] = ()) -> bytes:
    import docx

    made = docx.Document()
    for words in paragraphs or ("KẾ HOẠCH", "1. Bộ Y tế báo cáo."):
        made.add_paragraph(words)
    if table:
        drawn = made.add_table(len(table), len(table[0]), style="Table Grid")
        for row, cells in zip(drawn.rows, table, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    return saved(made)


def saved(made) -> bytes:
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same zip with one more part, or with one replaced."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, part)
    return buffer.getvalue()


def a_pdf(*pages: str) -> bytes:
    """A small PDF with these lines, its table of places counted as it should be."""
    pages = pages or (WORDS,)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, words in enumerate(pages):
        lines = " ".join(f"({line}) Tj 0 -20 Td" for line in words.split("\n") if line)
        stream = f"BT /F1 12 Tf 72 720 Td {lines} ET" if words else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return written(objects)


def written(objects: list[str]) -> bytes:
    body, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{words}\nendobj\n".encode()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()


def a_page(body: str = "<h1>Plan</h1><p>1. The ministry reports.</p>") -> bytes:
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>".encode()


DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&b;</w:document>'
)


def hostile() -> dict[str, tuple[str, bytes]]:
    """Each file by what is wrong with it: the name it comes under, and its bytes."""
    good = a_docx()
    pdf = a_pdf()
    return {
        "a zip bomb": ("a.docx", with_part(good, "word/media/zero.xml", b"0" * 60 * 2**20)),
        "a part that swells": ("a.docx", with_part(good, "word/zero.xml", b"0" * 15 * 2**20)),
        "a document type with entities": ("a.docx", with_part(good, "word/document.xml", DOCTYPE)),
        "the same in UTF-16": (
            "a.docx",
            with_part(good, "word/document.xml", DOCTYPE.decode().encode("utf-16")),
        ),
        "a path that leads out": ("a.docx", with_part(good, "../../etc/passwd", b"x")),
        "a macro": ("a.docx", with_part(good, "word/vbaProject.bin", b"x")),
        "a zip without a document": ("a.docx", with_part_only("readme.txt")),
        "a zip cut off": ("a.docx", good[: len(good) // 2]),
        "a document that is no XML": (
            "a.docx",
            with_part(good, "word/document.xml", b"<w:document"),
        ),
        "a truncated PDF": ("a.pdf", pdf[: len(pdf) // 2]),
        "a PDF that only ends well": ("a.pdf", b"%PDF-1.7\n garbage \n%%EOF"),
        "a PDF with a zip behind": ("a.pdf", pdf + good + b"%%EOF"),
        "a zip with a PDF inside its head": ("a.docx", good[:30] + b"%PDF-1.7" + good[38:]),
        "a PDF called Word": ("a.docx", pdf),
        "a Word file called PDF": ("a.pdf", good),
        "a page called text": ("a.txt", a_page()),
        "a program called PDF": ("a.pdf", b"MZ\x90\x00" + b"\x00" * 200),
        "a picture called text": ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00"),
        "a page with entities": (
            "a.html",
            b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>&x;</body></html>',
        ),
        "a page of nothing": ("a.html", a_page("<script>alert(1)</script>")),
        "a program": ("a.exe", b"MZ"),
        "a picture that is drawn": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "no ending": ("docx", good),
        "nothing": ("a.docx", b""),
        "more than we take": ("a.txt", b"a" * (25 * 2**20 + 1)),
        "more text than we take": ("a.md", b"a\n" * (2**20 + 1)),
    }


def with_part_only(name: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(name, b"x")
    return buffer.getvalue()
