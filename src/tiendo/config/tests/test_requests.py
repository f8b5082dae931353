"""One line for each request with its number, and never a word of what people typed."""

import json
import logging
import logging.config
from io import StringIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tiendo.config import logs, measures
from tiendo.config.urls import urlpatterns as real

CANARY = "correct-horse-battery-canary"


def breaks(request):
    raise ValueError(f"could not take “{request.POST}” of {request.get_full_path()}")


def breaks_worse(request):
    raise RuntimeError("even the page that says so")


handler400 = "tiendo.web.views.unread"
handler500 = "tiendo.web.views.broken"
urlpatterns = [path("breaks/", breaks, name="breaks"), *real]


class WithoutWords:
    """Addresses of a house whose page for faults is broken too."""

    urlpatterns = urlpatterns
    handler500 = staticmethod(breaks_worse)


@pytest.fixture
def written():
    """What is logged in production's own shape."""
    shape, paper = logs.shape(for_machines=True, level="INFO", with_contents=False), StringIO()
    shape["handlers"]["console"]["stream"] = paper
    kept = {name: logging.getLogger(name).level for name in ("", *shape["loggers"])}
    handlers = list(logging.getLogger().handlers)
    logging.config.dictConfig(shape)
    logs.begin()
    yield lambda: [json.loads(line) for line in paper.getvalue().splitlines()]
    logging.getLogger().handlers[:] = handlers
    for name, level in kept.items():
        logging.getLogger(name).setLevel(level)


def lines(written, event="request"):
    return [line for line in written() if line["event"] == event]


class TestALine:
    def test_says_what_was_answered_and_to_whom(self, cast, written):
        client = Client()
        client.force_login(cast.office)
        answer = client.get("/search/?q=hà+giang")

        (line,) = lines(written)
        assert line["request_id"] == answer["X-Request-ID"]
        assert line["person"] == cast.office.pk
        assert (line["route"], line["method"], line["status"]) == ("web:search", "GET", 200)
        assert set(line) == {
            *("event", "route", "method", "status", "ms", "person", "request_id"),
            *("level", "logger", "timestamp"),
        }

    def test_a_stranger_has_no_name_and_nowhere_no_route(self, db, written):
        Client().get("/nowhere/at/all/?secret=x")
        (line,) = lines(written)
        assert (line["route"], line["status"], line["person"]) == ("none", 404, None)

    def test_two_requests_have_two_numbers(self, db):
        assert (
            Client().get("/healthz/live")["X-Request-ID"]
            != Client().get("/healthz/live")["X-Request-ID"]
        )

    @pytest.mark.parametrize(
        ("behind", "given", "is_taken"),
        [(True, "a1b2c3d4e5", True), (False, "a1b2c3d4e5", False), (True, "x\ny" * 9, False)],
    )
    def test_a_proxy_s_number_is_taken_from_a_proxy_alone(
        self, db, settings, behind, given, is_taken
    ):
        settings.BEHIND_PROXY = behind
        answer = Client().get("/healthz/live", headers={"X-Request-ID": given})
        assert (answer["X-Request-ID"] == given) is is_taken


class TestContents:
    def test_a_password_typed_is_written_nowhere(self, cast, written, settings):
        settings.ROOT_URLCONF = __name__
        client = Client(raise_request_exception=False)
        client.post("/account/login/", {"login": cast.office.username, "password": CANARY})
        client.post(f"/breaks/?password={CANARY}", {"password": CANARY})
        client.post(f"/account/password/reset/key/{CANARY}/", {"password1": CANARY})
        client.get(f"/nowhere/{CANARY}/")
        client.get("/", headers={"Host": f"{CANARY}.example"})
        client.force_login(cast.office)
        client.post(f"/breaks/?password={CANARY}", {"password": CANARY})
        client.post("/api/v1/documents", {"title": CANARY}, content_type="application/json")

        assert len(lines(written)) == 7
        assert CANARY not in json.dumps(written(), ensure_ascii=False)

    def test_a_fault_says_where_it_is(self, cast, written, settings):
        settings.ROOT_URLCONF = __name__
        client = Client(raise_request_exception=False)
        client.force_login(cast.office)
        answer = client.get("/breaks/")

        (fault,) = lines(written, "a request failed")
        assert fault["fault"] == "ValueError"
        assert fault["where"][-1].endswith(" breaks")
        assert fault["where"][-1].startswith("src/tiendo/config/tests/test_requests.py:")
        assert fault["request_id"] == answer["X-Request-ID"]

    def test_a_failed_job_is_named_without_what_it_was_given(self, written):
        logging.getLogger("django-q").error(f"Failed 'tiendo.x.y' (a-b) - {CANARY} : Traceback")
        (line,) = written()
        assert line["event"] == "Failed 'tiendo.x.y' (a-b)"

    def test_debugging_shows_everything(self):
        assert logs.without_contents not in shown(with_contents=True)
        assert logs.without_contents in shown(with_contents=False)


def shown(*, with_contents):
    shape = logs.shape(for_machines=True, level="INFO", with_contents=with_contents)
    return shape["formatters"]["line"]["processors"]


class TestAFault:
    @pytest.fixture
    def client(self, cast, settings):
        settings.ROOT_URLCONF = __name__
        client = Client(raise_request_exception=False)
        client.force_login(cast.office)
        return client

    def test_its_page_shows_the_number(self, client):
        answer = client.get("/breaks/")
        assert answer.status_code == 500
        assert answer["X-Request-ID"] in answer.content.decode()

    def test_the_api_says_the_number(self, client, monkeypatch):
        from tiendo.figures import api

        monkeypatch.setattr(api, "figure_row", breaks_worse)
        answer = client.get("/api/v1/figures")
        assert answer.status_code == 500
        assert answer["X-Request-ID"] in answer.json()["detail"]

    def test_when_even_its_page_breaks_there_are_last_words(self, client, settings, written):
        settings.ROOT_URLCONF = WithoutWords
        answer = client.get("/breaks/")
        assert answer.status_code == 500
        assert answer["X-Request-ID"] in answer.content.decode()
        assert lines(written, "last resort")[0]["fault"] == "RuntimeError < ValueError"


class TestMeasures:
    def test_requests_refusals_and_failed_sign_ins_are_counted(self, cast):
        def count(name, **labels):
            return measures.REGISTRY.get_sample_value(name, labels) or 0

        label = {"route": "account_login", "method": "POST", "status": "200"}
        before = count("tiendo_requests_total", **label), count("tiendo_failed_sign_ins_total")
        Client().post("/account/login/", {"login": cast.office.username, "password": CANARY})
        after = count("tiendo_requests_total", **label), count("tiendo_failed_sign_ins_total")
        assert (after[0] - before[0], after[1] - before[1]) == (1, 1)

        refused = count("tiendo_refused_total", route="x")
        measures.request_told("x", "BREW", 403, 0.1)
        assert count("tiendo_refused_total", route="x") == refused + 1
        assert count("tiendo_requests_total", route="x", method="other", status="403")


def test_a_static_file_is_not_told(rf, written, settings):
    from tiendo.config.requests import Told

    Told(lambda request: HttpResponse())(rf.get("/static/tiendo.css"))
    assert lines(written) == []
    Told(lambda request: HttpResponse(status=404))(rf.get("/static/none.css"))
    assert len(lines(written)) == 1
