"""Nonsense at every address: a sentence comes back, never a fault of ours, and nothing is half stored."""

import json
import logging
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from makers import a_document, a_draft, a_submission, an_accepted, an_issued
from tiendo.intake.models import Intake, Proposal
from tiendo.kit import clock
from tiendo.ledger.models import Entry
from tiendo.people.actions import open_token
from tiendo.tasks import actions
from tiendo.tasks.models import Move

SEED = 57
FORM = "application/x-www-form-urlencoded"
NONSENSE = (
    "", " ", "\0", "a\0b", "\ud800", "\u202e\u200b", "٣", "１２", "-1", "-0", "0", "1e400", "NaN", "Infinity",
    "9" * 30, "1" + "0" * 400, "0000-00-00", "0001-01-01", "9999-12-31", "2025-02-31", "10000-01-01", "2025-01-20",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-01-20T25:61", "9223372036854775808", "2147483648",
    "%", "_%\\", "' OR 1=1 --", "<script>", "{{7*7}}", "../../etc/passwd", "//evil.example", "head", "yes", "x" * 5_000,
    "[]", "null", "é" * 300, "\r\nSet-Cookie: a=b",
)  # fmt: skip
NUMBERS = (1, 0, 2**31, 2**63, 10**30)
NAMES = (
    "q", "page", "on", "known", "since", "programme", "unit", "units", "state", "key", "type", "p", "undo", "under",
    "cell", "lead", "next", "limit", "after", "status", "true_on", "known_at", "day", "language", "tree", "kind",
    "title", "post", "helpers", "due_on", "cycle", "product", "measure", "responsibility", "authority", "verifier",
    "is_key", "version", "words", "obstacle", "amount", "out_of", "is_final", "number", "kept", "reason", "note",
    "accepted", "granted", "asked_on", "overrule", "text", "symbol", "issuer", "issued_on", "secrecy", "look",
    "leave_out", "partners", "name", "expires_on", "login", "password", "email", "code", "uidb36", "action",
    "proposal", "choice", "issue", "drafts",
)  # fmt: skip
HOSTILE = (
    "../../a.pdf", "a\0.pdf", "x" * 400 + ".pdf", "a.exe", ".pdf", "a.pdf\r\nX: y", "\u202efdp.exe", "/etc/passwd.txt",
    "con.", "é.pdf",
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"null", b'"x"', b"1e999", b"NaN", b"\xff\xfe\x00", b"[" * 5_000, b'{"title": "\\ud800"}',
    b'{"words": "\\u0000"}', b'{"a": 1, "a": 2}', b'{"version": 1e400}', b'{"words": {"a": [1]}}',
)  # fmt: skip
TYPES = (
    "application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/xml", "",
    "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=nonsense",
)  # fmt: skip


def addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Every route as a pattern with its arguments in braces."""
    for one in (resolver or get_resolver()).url_patterns:
        place = before + shape(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from addresses(one, place)
        elif isinstance(one, URLPattern):
            yield place


def shape(pattern: str) -> str:
    plain = pattern.removeprefix("^").removesuffix("$").replace("\\Z", "")
    pieces = []
    while "<" in plain:
        head, _sign, rest = plain.partition("<")
        inside, _sign, plain = rest.partition(">")
        is_number = inside.startswith("int:")
        head = head.removesuffix("(?P")
        pieces += [head, "{number}" if is_number else "{word}"]
        if plain and plain[0] in "[.":  # the rest of a regular expression
            plain = plain.partition(")")[2]
    return "".join([*pieces, plain])


ADDRESSES = sorted(set(addresses()))


@pytest.fixture
def house(cast):
    """One of everything, so that numbers guessed are often met."""
    text = "The Ministry of Rivers shall report by 30 June 2025."
    document = a_document(cast, text=text)
    intake = Intake.objects.create(
        document=document, reader="test", read_at=clock.now(), read_by=cast.office
    )
    for number in (1, 2):
        Proposal.objects.create(
            intake=intake, number=number, start=0, end=5, quote="The M", work="Report"
        )
    a_draft(cast)
    a_submission(cast)
    part = an_accepted(cast).lead
    actions.ask_extension(
        part, by=cast.lead, asked_on=part.due_on.replace(year=part.due_on.year + 1), reason="Floods"
    )
    open_token(
        cast.office,
        by=cast.office,
        name="A",
        expires_on=clock.today().replace(year=clock.today().year + 1),
    )
    return cast


def journals() -> tuple[int, int]:
    return Entry.objects.count(), Move.objects.count()


def asked(rng: random.Random) -> dict[str, Any]:
    return {name: rng.choice(NONSENSE) for name in rng.sample(NAMES, rng.choice((1, 3, 20)))}


def address(place: str, rng: random.Random) -> str:
    word = rng.choice(
        (
            "tasks.cells",
            "documents.by_type",
            "tasks.slipped",
            "decisions.waiting",
            "x",
            "1-a",
            "%00",
        )
    )
    return place.format(number=rng.choice(NUMBERS), word=word)


def judged(answer: Any, *about: object) -> None:
    assert answer.status_code < 500, (answer.status_code, *about)
    if "Location" in answer.headers:
        assert "evil.example" not in answer["Location"].partition("?")[0], about


class TestEveryAddress:
    @pytest.fixture(autouse=True)
    def quiet(self, settings):
        settings.ACCOUNT_RATE_LIMITS = False
        logging.disable(logging.CRITICAL)
        yield
        logging.disable(logging.NOTSET)

    @pytest.mark.parametrize("who", ["office", "lead", None])
    def test_answers_nonsense_in_a_sentence(self, house, who):
        rng = random.Random(f"{SEED}{who}")
        client = Client(raise_request_exception=False)
        for place in ADDRESSES:
            if who and "logout" not in place:
                client.force_login(getattr(house, who))
            for _time in range(2 if who == "office" else 1):
                path, given = address(place, rng), asked(rng)
                htmx = {"HX-Request": "true"} if rng.random() < 0.3 else {}
                words = urlencode(given, errors="surrogatepass")
                judged(client.get(f"{path}?{words}", headers=htmx), "GET", path, given)
                judged(
                    client.post(path, words, content_type=FORM, headers=htmx), "POST", path, given
                )
                body, kind = rng.choice(BODIES), rng.choice(TYPES)
                for method in ("post", "patch", "put"):
                    answer = client.generic(method.upper(), path, body, content_type=kind)
                    judged(answer, method, path, body, kind)

    def test_takes_no_shape_the_api_does_not_know(self, house):
        rng = random.Random(SEED)
        client = Client(raise_request_exception=False)
        client.force_login(house.office)
        pages = {"/api/v1/docs"}  # for people's eyes
        for place in (p for p in ADDRESSES if p.startswith("/api/") and p not in pages):
            for _time in range(4):
                given = {
                    name: rng.choice((*NONSENSE, *NUMBERS, None, [], {}, 1.5, True))
                    for name in rng.sample(NAMES, 8)
                }
                path = address(place, rng)
                answer = client.post(path, json.dumps(given), content_type="application/json")
                judged(answer, path, given)
                assert answer["Content-Type"].startswith("application/")

    @pytest.mark.parametrize("who", ["office", "lead"])
    def test_stores_nothing_of_what_it_refuses(self, house, who):
        rng = random.Random(SEED)
        client = Client(raise_request_exception=False)
        for place in ADDRESSES:
            client.force_login(getattr(house, who))
            before, path = journals(), address(place, rng)
            given = dict.fromkeys(NAMES, "\0")
            answer = client.post(path, given)
            judged(answer, path)
            if answer.status_code >= 400:
                assert journals() == before, path
            judged(client.get(path, given), path)


EDGES = ("0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
DATED = {
    "/api/v1/figures/{}": ("true_on", "known_at"),
    "/figures/{}/": ("on", "known", "since"),
    "/stocktake/": ("on", "known", "since"),
    "/units/": ("on",),
    "/units/1/": ("on",),
    "/api/v1/units": ("on",),
    "/api/v1/units/1": ("on",),
}


class TestTheEndsOfTime:
    @pytest.mark.parametrize("place", DATED)
    def test_are_days_like_others_or_refused(self, house, place):
        client = Client(raise_request_exception=False)
        client.force_login(house.office)
        for name in DATED[place]:
            for edge in EDGES:
                for key in ("tasks.cells", "tasks.slipped", "decisions.waiting"):
                    path = place.format(key)
                    judged(client.get(path, {name: edge}), path, name, edge)


class TestTheWayBack:
    @pytest.mark.parametrize(
        "back", ["yes", "x" * 5_000, "/" + "x" * 5_000, "//evil.example", "/\r\nX: y", "\0"]
    )
    def test_leads_nowhere_else_and_breaks_no_act(self, house, back):
        client = Client(raise_request_exception=False)
        client.force_login(house.lead)
        part = an_issued(house).lead

        answer = client.post(f"/parts/{part.pk}/acceptance/", {"next": back})

        assert answer.status_code == 302
        judged(client.post("/language/", {"language": "fr", "next": back}), back)

    @pytest.mark.parametrize("undo", ["\0", "x", "9" * 30, "-1"])
    def test_takes_back_nothing_that_is_no_proposal(self, house, undo):
        client = Client(raise_request_exception=False)
        client.force_login(house.office)

        assert client.get(f"/desk/{Intake.objects.get().pk}/", {"undo": undo}).status_code == 200


class TestAFile:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_with_a_hostile_name_stays_in_the_store(self, house, name, settings):
        client = Client(raise_request_exception=False)
        client.force_login(house.lead)
        part = an_accepted(house).lead
        for content in (b"", b"%PDF"):
            upload = SimpleUploadedFile("x", content)
            upload._name = name  # what a sender may write, not what Django tidies
            sent = {"words": "Done", "is_final": "on", "files": upload}
            judged(client.post(f"/parts/{part.pk}/report/", sent), name)
        kept = [one for one in settings.MEDIA_ROOT.rglob("*") if one.is_file()]
        assert all(len(one.name) == 64 for one in kept)

    @pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "django_language"])
    def test_or_a_cookie_that_nobody_baked_opens_nothing(self, db, name):
        for value in (
            "\\000aaaaaaaaaaaa",
            '"\\000aaaaaaaaaaaa"',
            "x" * 4_000,
            "\u0663".encode().decode("latin-1"),
            '"\\"',
        ):
            client = Client(raise_request_exception=False)
            answer = client.get("/my-work/", headers={"cookie": f"{name}={value}"})
            judged(answer, name, value)
            assert answer.status_code == 302


class TestALargeBody:
    def test_is_refused_in_words(self, house):
        client = Client(raise_request_exception=False)
        client.force_login(house.lead)
        part = an_accepted(house).lead
        path = f"/parts/{part.pk}/report/"
        many = {f"field{n}": "x" for n in range(1_100)}
        over = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
        for given in (many, {"words": "x" * over}, {"words": "x" * 1_000_000}):
            answer = client.post(path, given)
            assert 400 <= answer.status_code < 500
            assert len(answer.content) > 200
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            judged(client.generic("POST", "/api/v1/documents", b"x" * over, content_type=kind))
        assert not part.reports.exists()
