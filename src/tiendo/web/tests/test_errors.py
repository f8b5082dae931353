"""Every way a request can end badly says, in words, what to do next."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.utils import translation

from tiendo.web import stocktake, views


@pytest.fixture
def visitor(cast):
    client = Client(raise_request_exception=False)
    client.force_login(cast.office)
    return client


def text_of(answer):
    return answer.content.decode()


def breaking(monkeypatch, error):
    """The Stocktake meets this fault."""

    def fails(*_given, **_named):
        raise error

    monkeypatch.setattr(stocktake, "page", fails)


class TestAWrongKindOfVisit:
    def test_says_where_the_form_is_and_keeps_what_machines_need(self, visitor):
        answer = visitor.get("/language/")

        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "send it from there" in text_of(answer)

    def test_in_the_api_keeps_the_api_s_own_words(self, visitor):
        answer = visitor.delete("/api/v1/figures")

        assert answer.status_code == 405
        assert "<html" not in text_of(answer)


class TestTooMuch:
    def test_text_is_told_apart_from_nonsense(self, visitor, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

        form = "text=" + "x" * 200
        answer = visitor.post("/language/", form, content_type="application/x-www-form-urlencoded")

        assert answer.status_code == 413
        assert "25" in text_of(answer)
        assert "cut the text into parts" in text_of(answer)

    def test_nonsense_is_a_400(self, rf, cast):
        request = rf.get("/")
        request.user = cast.office

        answer = views.unread(request, SuspiciousOperation("x"))

        assert answer.status_code == 400
        assert "Go back" in text_of(answer)


class TestAFaultOfOurs:
    def test_of_the_code_is_noted(self, visitor, monkeypatch):
        breaking(monkeypatch, ZeroDivisionError())

        answer = visitor.get("/stocktake/")

        assert answer.status_code == 500
        assert "tell your administrator the number" in text_of(answer)

    def test_of_a_busy_database_asks_for_a_minute(self, visitor, monkeypatch):
        breaking(monkeypatch, OperationalError("database is locked"))

        answer = visitor.get("/stocktake/")

        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "Wait a minute" in text_of(answer)

    def test_of_a_database_that_was_not_brought_up_to_date_is_ours(self, visitor, monkeypatch):
        breaking(monkeypatch, OperationalError("no such column: tasks_task.title"))

        assert visitor.get("/stocktake/").status_code == 500

    @pytest.mark.parametrize("error", [ZeroDivisionError(), OperationalError()])
    def test_asks_the_database_nothing(self, error, rf):
        """This test has no database: whoever asked one would fail."""
        translation.activate("en")
        try:
            raise error
        except Exception:  # noqa: BLE001 - the page of a fault is drawn while it is in hand
            answer = views.broken(rf.get("/"))

        assert answer.status_code >= 500
        assert "To the first page" in text_of(answer)


class TestEveryErrorPage:
    @pytest.mark.parametrize("language", ["vi", "fr", "ru"])
    def test_speaks_the_reader_s_language(self, visitor, language):
        visitor.post("/language/", {"language": language})

        answer = visitor.get("/nowhere/")

        assert answer.status_code == 404
        assert f'lang="{language}"' in text_of(answer)
        assert "There is no such page" not in text_of(answer)
