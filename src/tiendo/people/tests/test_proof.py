"""Before an act that binds others: who has not said for half an hour who they are says it again, and loses nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from makers import a_submission, an_accepted
from tiendo.kit import clock
from tiendo.people.actions import open_token
from tiendo.people.models import Scope
from tiendo.tasks.states import Status

PASSWORD = "correct horse battery staple"


@pytest.fixture
def report(cast):
    return a_submission(cast)


def later(minutes):
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=False)


@pytest.fixture
def verifier(client, cast):
    client.force_login(cast.verifier)
    return client


def status_of(report):
    report.part.refresh_from_db()
    return report.part.status


def keep_awake(client):
    """Half an hour of reading: the session lives, the proof ages."""
    with later(20):
        client.get("/account/")


def verdict(client, report, **more):
    words = {"accepted": "yes", "note": "Seen, and counted by hand."}
    return client.post(f"/reports/{report.pk}/verdict/", words, **more)


def test_a_thirty_minute_old_session_is_not_asked(verifier, report):
    keep_awake(verifier)
    with later(29):
        assert verdict(verifier, report)["Location"].startswith("/tasks/")

    assert status_of(report) == Status.DONE


def test_a_31_minute_old_session_asks_again_and_then_does_what_was_sent(verifier, report):
    keep_awake(verifier)
    with later(31):
        asked = verdict(verifier, report)
        assert asked["Location"] == (
            f"/account/reauthenticate/?next=%2Freports%2F{report.pk}%2Fverdict%2F"
        )
        assert status_of(report) != Status.DONE

        wrong = verifier.post(asked["Location"], {"password": "wrong"})
        assert wrong.status_code == 200
        assert status_of(report) != Status.DONE

        verifier.post(asked["Location"], {"password": PASSWORD})

    assert status_of(report) == Status.DONE
    assert report.verdict.note == "Seen, and counted by hand."


def test_a_place_to_return_to_is_kept_with_what_was_sent(verifier, report):
    keep_awake(verifier)
    with later(31):
        words = {"accepted": "yes", "note": "Seen."}
        asked = verifier.post(f"/reports/{report.pk}/verdict/?next=/my-work/", words)
        answer = verifier.post(asked["Location"], {"password": PASSWORD})

    assert status_of(report) == Status.DONE
    assert answer["Location"] == "/my-work/"


def test_reading_is_never_asked(verifier, report):
    keep_awake(verifier)
    with later(31):
        assert verifier.get(f"/reports/{report.pk}/verdict/").status_code == 200


def test_a_piece_of_a_page_gets_the_notice_with_the_way(verifier, report):
    keep_awake(verifier)
    with later(31):
        notice = verdict(verifier, report, headers={"HX-Request": "true"})
        shown = notice.content.decode()
        assert notice.status_code == 403
        assert shown.strip().startswith('<div class="t-notice')
        assert "/account/reauthenticate/?next=%2Faccount%2Fproven%2F" in shown

        said = verifier.post(
            "/account/reauthenticate/?next=/account/proven/", {"password": PASSWORD}
        )
        assert said["Location"] == "/account/proven/"
        assert verifier.get("/account/proven/").status_code == 200
        verdict(verifier, report, headers={"HX-Request": "true"})

    assert status_of(report) == Status.DONE


def judge(client, report, **headers):
    return client.post(
        f"/api/v1/reports/{report.pk}/verdict",
        {"accepted": True, "note": "Seen."},
        content_type="application/json",
        headers=headers,
    )


def test_the_api_asks_a_session_and_not_a_key(verifier, cast, report):
    secret = open_token(
        cast.verifier,
        by=cast.verifier,
        name="x",
        expires_on=clock.today() + timedelta(5),
        scope=Scope.ALL,
    )[1]
    keep_awake(verifier)
    with later(31):
        problem = judge(verifier, report)
        assert (problem.status_code, problem.json()["code"]) == (403, "prove-again")
        assert status_of(report) != Status.DONE
        assert judge(verifier, report, Authorization=f"Bearer {secret}").status_code == 201


def test_people_of_a_story_are_asked_too(verifier, cast, report):
    cast.verifier.is_demo = True
    cast.verifier.save()
    keep_awake(verifier)
    with later(31):
        assert "reauthenticate" in verdict(verifier, report)["Location"]


@pytest.mark.parametrize(
    "address",
    [
        "/tasks/{task}/issue/", "/tasks/{task}/drop/", "/parts/{part}/reissue/",
        "/desk/{task}/issue/", "/extensions/{part}/decision/", "/account/tokens/",
    ],
)  # fmt: skip
def test_every_act_that_binds_others_asks(client, cast, address):
    task = an_accepted(cast)
    client.force_login(cast.office)
    keep_awake(client)
    with later(31):
        answer = client.post(address.format(task=task.pk, part=task.lead.pk), {})

    assert "/account/reauthenticate/" in answer["Location"]
