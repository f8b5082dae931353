"""What every page of the shell does, whoever built it."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string


class TestLanguage:
    def test_a_reader_keeps_the_language_they_chose(self, cast, client):
        client.force_login(cast.lead)

        answer = client.post("/language/", {"language": "fr", "next": "/my-work/"})

        assert (answer.status_code, answer["Location"]) == (302, "/my-work/")
        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
        cast.lead.refresh_from_db()
        assert cast.lead.language == "fr"

    def test_whoever_has_not_signed_in_reads_in_their_language_too(self, client, db):
        client.post("/language/", {"language": "vi"})

        assert 'lang="vi"' in client.get("/account/login/").content.decode()

    def test_a_language_we_do_not_speak_changes_nothing(self, cast, client):
        client.force_login(cast.lead)

        answer = client.post("/language/", {"language": "xx"})

        assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
        cast.lead.refresh_from_db()
        assert cast.lead.language == ""

    @pytest.mark.parametrize(
        "away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
    )
    def test_nobody_is_led_to_another_house(self, client, db, away):
        assert client.post("/language/", {"language": "vi", "next": away})["Location"] == "/"

    def test_looking_changes_no_language(self, client, db):
        assert client.get("/language/").status_code == 405


def test_signing_in_says_nothing_in_a_language_that_is_not_theirs():
    """At that moment the page still speaks the browser's language; the bar shows who is signed in."""
    assert render_to_string("account/messages/logged_in.txt").strip() == ""
