"""Webhooks: what is recorded reaches the other system, signed, again and again until it is taken, and nobody else."""

import json
import re
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ObjectDoesNotExist

from makers import a_person, a_submission, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.exchange import actions, addresses, lines, sending
from tiendo.exchange.models import Delivery, Hook, Outbox
from tiendo.exchange.states import PAUSES, State
from tiendo.exchange.tests.receiver import receiving
from tiendo.kit import clock, jobs
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.tasks.actions import verify

DOCS = Path(__file__).resolve().parents[4] / "docs" / "webhooks.md"


@pytest.fixture
def receiver(settings):
    with receiving() as one:
        settings.WEBHOOK_HOSTS = [one.host]
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
        yield one


@pytest.fixture
def hooked(cast, receiver):
    """The office has connected the receiver."""
    cast.hook, cast.secret = actions.connect(
        cast.committee, by=cast.office, name="Portal", address=receiver.address,
        acts=["tasks.issued", "tasks.verified"],
    )  # fmt: skip
    return cast


def turn(after=timedelta(0)):
    """One turn of the job, some time from now."""
    now = clock.now() + after
    sending.lay_out(now)
    Delivery.objects.filter(state=State.WAITING, due_at__lte=now).update(due_at=clock.now())
    sending.ask_to_send(clock.now())
    jobs.run_waiting()


class TestDelivery:
    def test_an_act_reaches_the_other_system_once(self, hooked, receiver):
        task = an_issued(hooked)
        turn()
        turn()

        ((headers, body),) = receiver.came
        told = json.loads(body)
        assert told["act"] == "tasks.issued"
        assert told["subject"]["id"] == task.pk
        assert told["subject"]["address"].endswith(f"/api/v1/tasks/{task.pk}")
        assert told["facts"]["title"] == task.title
        assert headers["Tiendo-Delivery"] == told["id"]
        assert Delivery.objects.get().state == State.DELIVERED

    def test_the_example_of_the_docs_checks_it_and_refuses_what_was_changed(self, hooked, receiver):
        an_issued(hooked)
        turn()
        ((headers, body),) = receiver.came
        signature = headers["Tiendo-Signature"]
        named = {}
        exec(re.search(r"```python\n(.*?)```", DOCS.read_text(), re.S)[1], named)  # noqa: S102 - our own docs
        is_ours = named["is_ours"]
        now = int(time.time())

        assert is_ours(hooked.secret, body, signature, now)
        assert not is_ours(hooked.secret, body + b" ", signature, now)
        assert not is_ours("another", body, signature, now)
        assert not is_ours(hooked.secret, body, signature, now + 301)
        assert not is_ours(hooked.secret, body, "nonsense", now)

    def test_only_the_acts_chosen_since_it_was_connected(self, cast, receiver):
        an_issued(cast)
        actions.connect(
            cast.committee, by=cast.office, name="Portal", address=receiver.address, acts=["tasks.verified"]
        )  # fmt: skip
        verify(a_submission(cast), by=cast.verifier)
        turn()
        assert [json.loads(body)["act"] for _headers, body in receiver.came] == ["tasks.verified"]

    def test_what_an_undone_act_would_have_told_is_not_told(self, hooked, receiver):
        from django.db import transaction

        try:
            with transaction.atomic():
                an_issued(hooked)
                raise ObjectDoesNotExist
        except ObjectDoesNotExist:
            turn()
        assert receiver.came == []


class TestAgain:
    def test_a_failing_receiver_is_tried_with_growing_pauses_and_then_not(self, hooked, receiver):
        receiver.status = 500
        an_issued(hooked)
        for _ in range(len(PAUSES) + 3):
            turn(after=timedelta(days=2))
        delivery = Delivery.objects.get()
        assert delivery.state == State.GIVEN_UP
        assert (delivery.status, delivery.fault) == (500, "refused")
        assert len(receiver.came) == len(PAUSES) + 1
        assert list(PAUSES) == sorted(PAUSES)

        receiver.status = 204
        assert actions.replay(hooked.hook, by=hooked.office) == 1
        turn()
        assert json.loads(receiver.came[-1][1])["is_replay"] is True
        assert receiver.came[-1][0]["Tiendo-Delivery"] == receiver.came[0][0]["Tiendo-Delivery"]
        with pytest.raises(Refused):
            actions.replay(hooked.hook, by=hooked.office)

    def test_before_its_pause_is_over_nobody_tries(self, hooked, receiver):
        receiver.status = 503
        an_issued(hooked)
        turn()
        sending.ask_to_send(clock.now())
        jobs.run_waiting()
        assert len(receiver.came) == 1
        assert Delivery.objects.get().due_at > clock.now() + timedelta(seconds=50)

    def test_one_whose_sender_was_killed_is_tried_again(self, hooked, receiver):
        an_issued(hooked)
        sending.lay_out(clock.now())
        taken = sending.taken_up(hooked.hook, clock.now())
        assert taken is not None  # and here its sender dies
        assert sending.taken_up(hooked.hook, clock.now()) is None
        turn(after=sending.HELD * 2)
        assert len(receiver.came) == 1

    def test_laid_out_twice_it_is_sent_once(self, hooked, receiver):
        an_issued(hooked)
        sending.lay_out(clock.now())
        Outbox.objects.update(upto=clock.now() - timedelta(hours=1), entry=0)
        turn()
        assert Delivery.objects.count() == 1
        assert len(receiver.came) == 1

    def test_a_delivered_message_can_be_sent_again_alone(self, hooked, receiver):
        an_issued(hooked)
        turn()
        actions.replay(hooked.hook, by=hooked.office, delivery=Delivery.objects.get())
        turn()
        assert len(receiver.came) == 2

    @pytest.mark.parametrize(
        ("how", "fault"),
        [({"seconds": 1.5}, "slow"), ({"drips": True}, "slow"), ({"status": 302}, "redirect"), ({"status": 404}, "refused")],
    )  # fmt: skip
    def test_slow_dripping_and_sending_on_are_not_taking(
        self, hooked, receiver, monkeypatch, how, fault
    ):
        monkeypatch.setattr(lines, "WHOLE", 1)
        for name, value in how.items():
            setattr(receiver, name, value)
        an_issued(hooked)
        begun = time.monotonic()
        turn()
        assert time.monotonic() - begun < 4
        assert Delivery.objects.get().fault == fault
        assert len(receiver.came) == 1  # nobody followed

    def test_a_receiver_that_is_away_waits_its_turn(self, hooked, receiver):
        receiver.shutdown()
        receiver.server_close()
        an_issued(hooked)
        turn()
        assert Delivery.objects.get().fault == "unreached"


class TestRights:
    def test_it_tells_no_more_than_its_owner_may_see(self, cast, receiver):
        own = a_person("Link An", role=Role.INTEGRATION, over=cast.province)
        actions.connect(
            cast.province, by=own, name="Portal", address=receiver.address, acts=["tasks.issued"]
        )
        an_issued(cast)
        turn()
        assert receiver.came == []
        assert not Delivery.objects.exists()

    def test_a_right_that_ended_meanwhile_withholds_it(self, hooked, receiver):
        an_issued(hooked)
        sending.lay_out(clock.now())
        Grant.objects.filter(person=hooked.office).update(ends_on=clock.today())
        turn()
        assert receiver.came == []
        assert Delivery.objects.get().state == State.WITHHELD

    def test_ended_it_sends_nothing_more(self, hooked, receiver):
        an_issued(hooked)
        sending.lay_out(clock.now())
        actions.end_hook(hooked.hook, by=hooked.office)
        an_accepted(hooked, title="Mend the old bridge")
        turn()
        assert receiver.came == []

    def test_only_those_who_may_connect_end_renew_and_send_again(self, hooked, receiver):
        given = {"name": "x", "address": receiver.address, "acts": ["tasks.issued"]}
        for person in (hooked.lead, hooked.stranger, hooked.inspector, hooked.nobody):
            with pytest.raises(Forbidden):
                actions.connect(hooked.committee, by=person, **given)
            for act in (actions.end_hook, actions.renew, actions.replay):
                with pytest.raises(Forbidden):
                    act(hooked.hook, by=person)

    def test_a_new_secret_signs_what_comes(self, hooked, receiver):
        _hook, secret = actions.renew(hooked.hook, by=hooked.office)
        assert secret != hooked.secret
        assert secret not in str(Hook.objects.values())


# What an address may be ---------------------------------------------------------------------------

WRONG = [
    "", "connect", "//connect.example/", "ftp://connect.example/", "file:///etc/passwd", "gopher://connect.example/",
    "https://", "https:///x", "https:connect.example", "https:/connect.example", "https://connect.example@evil.example/",
    "https://evil.example@connect.example/", "https://u:p@connect.example/", "https://connect.example:0/",
    "https://connect.example:99999/", "https://connect.example:x/", "https://connect.example:443x/",
    "https://connect.example.evil.example/", "https://xconnect.example/", "https://connect.example./",
    "https://connect.example\\@evil.example/", "https://connect.example%2eevil.example/", "https://connect.example%00/",
    "https://connect.example /", "https://connect.example\t/", "https://connect.example\n.evil.example/",
    "https://con\u00adnect.example/", "https://connect。example/", "https://ｃonnect.example/", "https://cоnnect.example/",
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fe80::1%25eth0]/",
    "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/",
    "https://localhost/", "https://localhost.localdomain/", "https://metadata.google.internal/", "https://[::]/",
    "https://0.0.0.0/", "https://224.0.0.1/", "https://255.255.255.255/", "https://[ff02::1]/", "https://[fc00::1]/",
    "https://[64:ff9b::7f00:1]/", "https://1.1.1.1/", "https://connect.example#@evil.example/", "javascript:alert(1)",
    "https://connect.example:443:443/", "https://connect.example,evil.example/", "https://evil.example/?connect.example",
    "https://evil.example/#connect.example", "http://connect.example/",
]  # fmt: skip


class TestAddresses:
    @pytest.mark.parametrize("address", WRONG)
    def test_what_is_not_plainly_a_listed_host_is_refused_and_nothing_is_opened(
        self, cast, settings, monkeypatch, address
    ):
        settings.WEBHOOK_HOSTS = ["connect.example"]
        monkeypatch.setattr(socket, "getaddrinfo", opened)
        monkeypatch.setattr(socket.socket, "connect", opened)
        with pytest.raises(Invalid) as refusal:
            actions.connect(
                cast.committee, by=cast.office, name="x", address=address, acts=["tasks.issued"]
            )
        assert refusal.value.field == "address"
        if not address.startswith("http://connect"):
            with pytest.raises(lines.Unreached, match="unlisted"):
                lines.post(address, b"{}", {})

    @pytest.mark.parametrize(
        "address", ["https://connect.example/a?b=c", "https://CONNECT.example:443/"]
    )
    def test_a_plain_one_is_taken(self, cast, settings, address):
        settings.WEBHOOK_HOSTS = ["connect.example"]
        hook, _secret = actions.connect(
            cast.committee, by=cast.office, name="x", address=address, acts=["tasks.issued"]
        )
        assert hook.host == "connect.example"

    @pytest.mark.parametrize(
        "numbers",
        [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fc00::7"], ["fe80::1"], ["::ffff:10.0.0.1"],
         ["0.0.0.1"], ["100.64.0.1"], ["224.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["64:ff9b::a00:1"], []],
    )  # fmt: skip
    def test_a_listed_name_that_leads_inside_is_not_connected_to(
        self, settings, monkeypatch, numbers
    ):
        settings.WEBHOOK_HOSTS = ["connect.example"]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in numbers]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        monkeypatch.setattr(socket.socket, "connect", opened)
        with pytest.raises(lines.Unreached, match="private"):
            lines.post("https://connect.example/", b"{}", {})

    def test_the_number_is_asked_for_once_and_no_other_is_connected_to(self, settings, monkeypatch):
        settings.WEBHOOK_HOSTS = ["connect.example"]
        asked, went = [], []

        def rebinding(host, port, *_a, **_k):
            asked.append(host)
            number = "93.184.216.34" if host == "connect.example" and len(asked) == 1 else host
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

        def connect(_socket, place):
            went.append(place)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        monkeypatch.setattr(socket.socket, "connect", connect)
        with pytest.raises(lines.Unreached, match="unreached"):
            lines.post("https://connect.example/", b"{}", {})
        assert asked.count("connect.example") == 1
        assert went == [("93.184.216.34", 443)]

    def test_without_https_only_into_an_inner_net(self, settings, monkeypatch):
        settings.WEBHOOK_HOSTS = ["connect.example"]
        settings.WEBHOOK_NETWORKS = ["10.0.0.0/8"]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
        with pytest.raises(lines.Unreached, match="open-line"):
            lines.post("http://connect.example/", b"{}", {})

    def test_a_proxy_of_the_environment_is_not_asked(self, settings, receiver, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        assert lines.post(receiver.address, b"{}", {}) == 200


def opened(*_args, **_kwargs):
    raise AssertionError("a socket was opened")


def test_reading_an_address_never_breaks():
    assert addresses.read("https://[") is None
    assert addresses.read("https://connect.example:") is not None
