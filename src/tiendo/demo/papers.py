"""Papers of the story that live: a draft out for opinions, a translation, a graded text, a plan and what it implements."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from tiendo.documents import waiting
from tiendo.documents.actions import register, translate
from tiendo.documents.actions_bonds import bind
from tiendo.documents.actions_life import answer_opinion, ask_opinions, draft, give_opinion
from tiendo.documents.models import Document, DocumentType, Opinion
from tiendo.documents.states import Answer, Bond
from tiendo.orgs.models import Unit
from tiendo.people.models import Person

Beat = tuple[datetime, Callable[[], Any]]


class Stage(Protocol):
    """What the papers ask of the story around them."""

    people: dict[str, Person]
    documents: dict[str, Document]

    def unit(self, key: str) -> Unit: ...


def as_word(given: dict[str, Any]) -> bytes:
    """A Word file made on the spot, so that the story takes in what an office would send."""
    import docx

    made = docx.Document()
    for line in given["lines"]:
        made.add_paragraph(line)
    if rows := given.get("table"):
        drawn = made.add_table(len(rows), len(rows[0]), style="Table Grid")
        for row, cells in zip(drawn.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


class Papers:
    """One beat for each thing that happens to a paper."""

    def __init__(self, story: Stage) -> None:
        self.story = story
        self.written = tomllib.loads(Path(__file__).with_name("papers.toml").read_text("utf8"))
        self.begun: Document | None = None
        self.said: dict[str, Opinion] = {}

    def beats(self) -> list[Beat]:
        one = self.written
        lines: list[Beat] = [
            (moment(one[name]["at"]), partial(getattr(self, name), one[name]))
            for name in ("translation", "graded", "bond", "draft")
        ]
        lines.append((moment(one["draft"]["asked_at"]), partial(self.ask, one["draft"])))
        for given in one["draft"]["opinions"]:
            lines.append((moment(given["at"]), partial(self.opine, given)))
            if "answer" in given:
                lines.append((moment(given["answered_at"]), partial(self.answer, given)))
        return lines

    def taken(self, given: dict[str, Any], name: str) -> dict[str, Any]:
        file, source = waiting.taken(as_word(given), f"{name}.docx")
        return {"file": file, "text": source.text}

    def translation(self, given: dict[str, Any]) -> None:
        translate(
            self.story.documents[given["of"]], by=self.story.people[given["by"]], title=given["title"],
            language=given["language"], **self.taken(given, "conclusion-fr"),
        )  # fmt: skip

    def graded(self, given: dict[str, Any]) -> None:
        plain = ("title", "symbol", "issued_on", "secrecy", "signer", "signer_post")
        unit = self.story.unit(given["unit"])
        register(
            unit, by=self.story.people[given["by"]], issuer=unit, language="vi",
            type=DocumentType.objects.get(code=given["type"]), **{name: given[name] for name in plain},
            **self.taken(given, "bao-cao"),
        )  # fmt: skip

    def bond(self, given: dict[str, Any]) -> None:
        known = self.story.documents
        by = self.story.people[given["by"]]
        bind(known[given["of"]], Bond(given["kind"]), known[given["other"]], by=by)

    def draft(self, given: dict[str, Any]) -> None:
        unit = self.story.unit(given["unit"])
        self.begun = draft(
            unit, by=self.story.people[given["by"]], issuer=unit, title=given["title"], language="vi",
            type=DocumentType.objects.get(code=given["type"]), due_on=given["ready_by"],
            **self.taken(given, "du-thao"),
        )  # fmt: skip

    def the_draft(self) -> Document:
        if self.begun is None:
            raise LookupError("the draft has not begun yet")
        return Document.objects.get(pk=self.begun.pk)

    def ask(self, given: dict[str, Any]) -> None:
        units = [self.story.unit(key) for key in given["asked"]]
        ask_opinions(
            self.the_draft(), units, by=self.story.people[given["by"]], due_on=given["until"]
        )

    def opine(self, given: dict[str, Any]) -> None:
        request = self.the_draft().opinion_requests.get(unit__key=given["of"])
        said = give_opinion(
            request,
            by=self.story.people[given["by"]],
            words=given["words"],
            address=given["address"],
        )
        if said is not None:
            self.said[given["address"]] = said

    def answer(self, given: dict[str, Any]) -> None:
        answer_opinion(
            self.said[given["address"]], Answer(given["answer"]), by=self.story.people["office"],
            reason=given["reason"],
        )  # fmt: skip
