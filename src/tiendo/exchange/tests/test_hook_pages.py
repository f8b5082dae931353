"""Pages and operations of webhooks: connected with a secret shown once, looked after, sent again, ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import an_issued
from tiendo.exchange import actions, reads, sending
from tiendo.exchange.models import Delivery, Hook
from tiendo.exchange.states import State
from tiendo.kit import clock
from tiendo.people.actions import open_token
from tiendo.people.models import Scope
from tiendo.tasks.acts import SENTENCES

ADDRESS = "https://connect.example/tasks"


@pytest.fixture
def hooked(cast, settings):
    settings.WEBHOOK_HOSTS = ["connect.example"]
    cast.hook, cast.secret = a_hook(cast)
    return cast


def a_hook(cast, name="Portal"):
    return actions.connect(
        cast.committee, by=cast.office, name=name, address=ADDRESS, acts=["tasks.issued"]
    )


def sent(cast, name="", **wording):
    """A message that was given up."""
    an_issued(cast, **wording)
    sending.lay_out(clock.now())
    Delivery.objects.filter(state=State.WAITING).update(
        state=State.GIVEN_UP, ended_at=clock.now(), tries=9, fault="slow"
    )


def page(client, person, address):
    client.force_login(person)
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


class TestHooks:
    def test_the_list_says_how_each_stands(self, client, hooked):
        assert "All was delivered" in page(client, hooked.office, "/webhooks/")[1]
        sent(hooked)
        assert "Messages are not taken" in page(client, hooked.office, "/webhooks/")[1]

    def test_others_may_not_look(self, client, hooked):
        for person in (hooked.lead, hooked.inspector, hooked.nobody):
            assert page(client, person, "/webhooks/")[0] == 403
            assert page(client, person, f"/webhooks/{hooked.hook.pk}/")[0] == 404

    def test_connecting_shows_the_secret_once(self, client, hooked):
        client.force_login(hooked.office)
        given = {
            "name": "Portal two", "unit": hooked.country.pk, "address": ADDRESS, "acts": ["tasks.issued"],
        }  # fmt: skip
        answer = client.post("/webhooks/new/", given)
        hook = Hook.objects.get(name="Portal two")
        assert answer.status_code == 201
        assert hook.secret() in answer.content.decode()
        assert hook.secret() not in page(client, hooked.office, f"/webhooks/{hook.pk}/")[1]

    @pytest.mark.parametrize(
        "wrong", [{"address": "https://evil.example/"}, {"acts": ["tasks.nonsense"]}, {"acts": []}, {"name": ""}, {"unit": "x"}]
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_stays_typed(self, client, hooked, wrong):
        client.force_login(hooked.office)
        given = {
            "name": "Portal two", "unit": hooked.country.pk, "address": ADDRESS, "acts": ["tasks.issued"],
        } | wrong  # fmt: skip
        answer = client.post("/webhooks/new/", given)
        assert answer.status_code == 422
        assert given["address"] in answer.content.decode()
        assert Hook.objects.count() == 1

    def test_twenty_webhooks_ask_as_much_as_one(self, client, hooked, monkeypatch):
        monkeypatch.setattr(actions, "AT_MOST", 50)
        client.force_login(hooked.office)
        key, costs = a_key(hooked.office), []
        client.get("/api/v1/webhooks", **key)
        for number in (0, 19):
            for place in range(number):
                a_hook(hooked, f"Portal {place}")
            for address, more in (("/webhooks/", {}), ("/api/v1/webhooks", key)):
                with CaptureQueriesContext(connection) as asked:
                    client.get(address, **more)
                costs.append(len(asked))
        assert costs[:2] == costs[2:]


class TestHook:
    def test_what_was_sent_and_why_it_was_not_taken(self, client, hooked):
        sent(hooked)
        text = page(client, hooked.office, f"/webhooks/{hooked.hook.pk}/")[1]
        assert "A task was issued" in text
        assert "The other side took too long." in text
        assert "Clear the paper backlog" in text

    def test_twenty_messages_ask_as_much_as_one(self, client, hooked):
        costs = []
        for number in (1, 19):
            for place in range(number):
                sent(hooked, title=f"Clear the records of year {number * 100 + place}")
            client.force_login(hooked.office)
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/webhooks/{hooked.hook.pk}/")
            costs.append(len(asked))
        assert costs[0] == costs[1]

    def test_it_is_sent_again_given_a_new_secret_and_ended(self, client, hooked):
        sent(hooked)
        client.force_login(hooked.office)
        number = hooked.hook.pk
        (delivery,) = Delivery.objects.all()
        assert (
            client.post(f"/webhooks/{number}/replay/", {"delivery": delivery.pk}).status_code == 302
        )
        assert Delivery.objects.filter(replay=1, state=State.WAITING).exists()

        answer = client.post(f"/webhooks/{number}/secret/")
        assert answer.status_code == 201
        assert Hook.objects.get().secret() in answer.content.decode()

        assert client.post(f"/webhooks/{number}/ending/").status_code == 302
        assert not Delivery.objects.filter(state=State.WAITING).exists()
        assert client.post(f"/webhooks/{number}/ending/").status_code == 409

    @pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "999999"])
    def test_a_message_that_is_none_is_not_there(self, client, hooked, asked):
        client.force_login(hooked.office)
        answer = client.post(f"/webhooks/{hooked.hook.pk}/replay/", {"delivery": asked})
        assert answer.status_code == 404


def a_key(person):
    until = clock.today() + timedelta(days=3)
    _token, secret = open_token(person, by=person, name="mine", scope=Scope.ALL, expires_on=until)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


class TestApi:
    def test_it_lists_sends_again_and_ends(self, client, hooked):
        sent(hooked)
        key, number = a_key(hooked.office), hooked.hook.pk
        (one,) = client.get("/api/v1/webhooks", **key).json()["items"]
        assert (one["id"], one["address"]) == (number, ADDRESS)
        assert hooked.secret not in str(one)
        (line,) = client.get(f"/api/v1/webhooks/{number}/deliveries", **key).json()["items"]
        assert (line["state"], line["fault"]) == ("given_up", "slow")

        answer = client.post(
            f"/api/v1/webhooks/{number}/replay", {}, content_type="application/json", **key
        )
        assert answer.json() == {"sent_again": 1}
        answer = client.post(f"/api/v1/webhooks/{number}/ending", **key)
        assert answer.json()["ended_at"] is not None

    def test_others_find_nothing(self, client, hooked):
        key = a_key(hooked.lead)
        assert client.get("/api/v1/webhooks", **key).json()["items"] == []
        assert client.get(f"/api/v1/webhooks/{hooked.hook.pk}/deliveries", **key).status_code == 404


def test_what_may_be_chosen_is_an_act_of_the_record():
    tasks = {act for act in reads.ACTS if act.startswith("tasks.")}
    assert tasks <= set(SENTENCES)
