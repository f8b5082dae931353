"""The record as pages: who reads which history, what a line says, and the receipt a stranger checks."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as house
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import BEGINNING, a_document, a_draft, a_person, a_post, a_unit, an_issued
from tiendo.access.actions import give
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation
from tiendo.intake.actions import read_document, refuse
from tiendo.kit import clock
from tiendo.ledger.actions import change_key, erase
from tiendo.ledger.models import Entry, key_of
from tiendo.ledger.record import record
from tiendo.ledger.tests.stage import seal_everything
from tiendo.orgs.models import Succession, Tenure
from tiendo.people.actions import open_token
from tiendo.people.models import Person
from tiendo.reforms.models import Reform
from tiendo.tasks import actions
from tiendo.web.history import ROOMS
from tiendo.web.subjects import parts_of, seen

TOO_BIG = 10**19


@pytest.fixture
def look(client):
    """The page as this person finds it; nobody means nobody signed in."""

    def at(person, name, *args, **asked):
        if person is not None:
            client.force_login(person)
        return client.get(reverse(name, args=args), asked)

    return at


def history(look, person, subject, **asked):
    return look(person, "web:history", key_of(subject), **asked)


class TestHistory:
    def test_a_task_s_history_is_told_in_sentences_with_a_receipt_each(self, cast, look):
        task = an_issued(cast)

        page = history(look, cast.lead, task)

        shown = page.content.decode()
        assert page.status_code == 200
        assert "The task was issued to Ministry of Rivers" in shown
        assert "Office Hoa" in shown
        for entry in Entry.objects.about(task):
            assert reverse("web:entry", args=[entry.pk]) in shown

    def test_it_is_told_in_the_reader_s_language(self, cast, look, client):
        task = an_issued(cast)
        client.cookies["django_language"] = "vi"

        assert "Nhiệm vụ" in history(look, cast.lead, task).content.decode()

    def test_a_stranger_finds_nothing_and_nobody_is_sent_to_sign_in(self, cast, look):
        task = a_draft(cast)

        assert history(look, None, task).status_code == 302
        assert history(look, cast.stranger, task).status_code == 404
        assert history(look, cast.lead, task).status_code == 404  # a draft is the office's own

    def test_whoever_acts_in_another_s_place_is_told_with_it(self, cast, look):
        task = an_issued(cast)
        with transaction.atomic():
            record(
                "tasks.received",
                task,
                by=cast.lead,
                post=a_post(cast.ministry, "Minister"),
                unit="x",
            )

        shown = history(look, cast.office, task).content.decode()

        assert "Lead Nam, for the post “Minister” of Ministry of Rivers" in shown

    def test_an_erased_name_reads_erased(self, cast, look):
        grant = given(cast)
        assert "Mới" in history(look, cast.office, grant).content.decode()

        erase(Entry.objects.about(grant).get(), by=Person.objects.operator(), reason="Asked")

        assert "(erased) was given the role" in history(look, cast.office, grant).content.decode()

    def test_a_unit_is_told_with_its_posts_and_what_it_came_from(self, cast, look):
        post = a_post(cast.ministry, "Minister")
        with transaction.atomic():
            record("orgs.founded", cast.ministry, by=None, name="Rivers", starts_on=BEGINNING)
            record("orgs.post_opened", post, by=None, title="Minister")
            record("orgs.post_opened", a_post(cast.province), by=None, title="Elsewhere")

        shown = history(look, cast.nobody, cast.ministry).content.decode()

        assert "Rivers was founded" in shown
        assert "The post “Minister” was opened." in shown
        assert "Elsewhere" not in shown

    def test_what_has_no_entry_of_its_own_says_so(self, cast, look):
        assert (
            "Nothing is recorded of it by itself"
            in history(look, cast.lead, a_unit()).content.decode()
        )

    @pytest.mark.parametrize(
        "key",
        ["tasks.task:0", "tasks.task:", "tasks.task", "tasks.part:1", "x", "auth.user:1", f"tasks.task:{TOO_BIG}",
         "tasks.task:1:1", "tasks.task:٣", "tasks.task:-1", "tasks.task:1 or 1", "people.person:999"],
    )  # fmt: skip
    def test_what_is_no_subject_or_nobody_s_is_absent(self, cast, look, key):
        an_issued(cast)

        assert look(cast.office, "web:history", key).status_code == 404

    def test_it_goes_on_over_pages(self, cast, look):
        task = an_issued(cast)
        with transaction.atomic():
            for _ in range(40):
                record("tasks.reworded", task, by=cast.office, title="Again")

        first, second = (history(look, cast.office, task, page=n) for n in (1, 2))

        assert 'rel="next"' in first.content.decode()
        assert "was drafted" in second.content.decode()
        assert history(look, cast.office, task, page="x").status_code == 200


def given(cast, person=None):
    person = person or a_person("Mới")
    return give(Role.OFFICER, cast.ministry, by=cast.office, person=person, starts_on=clock.today())


def one_of_each(cast):
    """Something of every kind the record is about, and who may read its history."""
    document, task = a_document(cast), an_issued(cast)
    intake = read_document(document, by=cast.office)
    person = a_person("Mới")
    grant, (token, _secret) = (
        given(cast, person),
        open_token(person, by=person, name="script", expires_on=clock.today() + timedelta(days=9)),
    )
    heir = Succession.objects.create(old=cast.province, new=cast.ministry, on=clock.today())
    seat = Tenure.objects.create(post=a_post(cast.ministry), person=person, starts_on=BEGINNING)
    deputy = Delegation.objects.create(
        post=seat.post, deputy=person, given_by=cast.office, reason="Leave", starts_on=BEGINNING,
        ends_on=clock.today(),
    )  # fmt: skip
    reform = Reform.objects.create(
        kind="merge", unit=cast.country, on=clock.today(), basis="1/NQ", plan={},
        prepared_by=cast.office, prepared_at=clock.now(),
    )  # fmt: skip
    entry = Entry.objects.about(task).first()
    everyone = {"office", "lead", "inspector", "stranger", "person"}
    # the new one is an officer of the lead's ministry, and so sees the task that it leads
    office, theirs = {"office", "inspector"}, {"office", "inspector", "lead", "person"}
    return [
        (task, theirs), (task.programme, seers(cast, task.programme, person)),
        (document, everyone), (intake, office), (intake.proposals.first(), office),
        (cast.ministry, everyone), (heir, everyone), (seat.post, everyone), (seat, everyone),
        (grant, theirs), (person, theirs), (token, {"person"}),
        (entry, theirs), (deputy, theirs), (reform, seers(cast, reform, person)),
    ], person  # fmt: skip


def seers(cast, subject, person):
    """What its own list shows to whom."""
    people = {"office": cast.office, "inspector": cast.inspector, "lead": cast.lead, "person": person,
              "stranger": cast.stranger}  # fmt: skip
    return {n for n, p in people.items() if type(subject).objects.visible_to(p).exists()}


class TestWhoseHistory:
    def test_every_kind_is_read_by_those_who_see_its_parent_and_by_nobody_else(self, cast, look):
        subjects, person = one_of_each(cast)
        people = {"office": cast.office, "lead": cast.lead, "inspector": cast.inspector,
                  "stranger": cast.stranger, "person": person}  # fmt: skip
        for subject, readers in subjects:
            found = {n for n, p in people.items() if history(look, p, subject).status_code == 200}
            assert found == readers, key_of(subject)

    def test_seals_are_read_by_whoever_reads_a_part_of_the_record(self, cast, look):
        an_issued(cast)
        seal = seal_everything().get()
        change_key(by=Person.objects.operator())

        assert "signed with a new key" in history(look, cast.inspector, seal).content.decode()
        assert history(look, cast.lead, seal).status_code == 404

    def test_every_kind_of_subject_has_a_name(self, cast):
        subjects, _person = one_of_each(cast)
        operator = a_person(role=Role.INSPECTOR, over=cast.country)

        for subject, _readers in subjects:
            if key_of(subject).startswith("people.token"):
                continue
            assert seen(operator, [key_of(subject)])[key_of(subject)].title

    def test_the_record_of_this_house_names_no_kind_that_nobody_answers_for(self, cast):
        one_of_each(cast)

        assert all(parts_of(key) for key in Entry.objects.values_list("subject", flat=True))


class TestRecord:
    def test_an_inspector_finds_what_was_done_within_reach(self, cast, look):
        task = an_issued(cast, title="Dredge the river")
        elsewhere = a_unit("Another country")
        with transaction.atomic():
            record("orgs.founded", elsewhere, by=None, name="Elsewhere", starts_on=BEGINNING)

        shown = look(cast.inspector, "web:record").content.decode()

        assert "The task was issued" in shown
        assert "Dredge the river" in shown
        assert task.get_absolute_url() in shown
        assert "Elsewhere was founded" not in shown

    @pytest.mark.parametrize("who", ["lead", "officer", "verifier", "stranger", "nobody"])
    def test_others_are_told_who_reads_it(self, cast, look, who):
        page = look(getattr(cast, who), "web:record")

        assert page.status_code == 403
        assert "is read by the office" in page.content.decode()
        assert "/history/" not in page.content.decode().partition("t-nav")[2].partition("</nav>")[0]

    def test_by_room_and_by_day(self, cast, look):
        an_issued(cast)
        document = a_document(cast)
        today = clock.today()

        tasks = look(cast.office, "web:record", room="tasks", on=today.isoformat()).content.decode()
        other = look(cast.office, "web:record", on=(today - timedelta(days=1)).isoformat())

        assert "was issued" in tasks
        assert f"The text {document.symbol}" not in tasks
        assert "Choose another day" in other.content.decode()

    @pytest.mark.parametrize("asked", [{"on": "31-02"}, {"room": "kitchen"}, {"on": "0001-01-01"}, {"on": "9999-12-31"},
                                       {"page": "-1"}, {"room": "\x00"}])  # fmt: skip
    def test_what_cannot_be_asked_is_answered(self, cast, look, asked):
        assert look(cast.office, "web:record", **asked).status_code in {200, 422}

    def test_how_the_seals_stand(self, cast, look):
        an_issued(cast)
        assert "Nothing is sealed yet" in look(cast.office, "web:record").content.decode()
        seal = seal_everything().get()
        an_issued(cast)

        shown = look(cast.office, "web:record").content.decode()

        assert f"No. 1, {clock.now():%d}"[:6] in shown
        assert f">{seal.total}<" in shown
        assert reverse("web:anchor") in shown

    def test_every_room_that_acts_can_be_chosen(self):
        from importlib.util import find_spec

        rooms = {
            app.removeprefix("tiendo.") for app in house.INSTALLED_APPS if app.startswith("tiendo.")
        }
        assert {room for room in rooms if find_spec(f"tiendo.{room}.acts")} <= set(ROOMS)


class TestEntry:
    def test_a_sealed_entry_shows_its_seal_and_how_to_check_it(self, cast, look):
        entry = Entry.objects.about(an_issued(cast)).last()
        seal_everything()

        shown = look(cast.lead, "web:entry", entry.pk).content.decode()

        assert "The task was issued" in shown
        assert reverse("web:receipt", args=[entry.pk]) in shown
        assert reverse("web:receipt_script") in shown

    def test_before_it_is_sealed_it_says_when_it_will_be(self, cast, look):
        entry = Entry.objects.about(an_issued(cast)).last()

        assert "within two minutes" in look(cast.lead, "web:entry", entry.pk).content.decode()
        refused = look(cast.lead, "web:receipt", entry.pk)
        assert (refused.status_code, b"not sealed yet" in refused.content) == (409, True)

    @pytest.mark.parametrize("name", ["web:entry", "web:receipt"])
    def test_who_may_not_see_the_subject_sees_no_entry_of_it(self, cast, look, name):
        entry = Entry.objects.about(a_draft(cast)).last()
        seal_everything()

        assert look(cast.stranger, name, entry.pk).status_code == 404
        assert look(cast.lead, name, entry.pk).status_code == 404
        assert look(cast.inspector, name, entry.pk).status_code == 200
        assert look(cast.inspector, name, 999999).status_code == 404
        assert look(cast.inspector, name, TOO_BIG).status_code == 404

    def test_an_inspector_opens_what_is_about_nobody_they_know(self, cast, look):
        """The erasing of a name is about an entry; whoever reads that place of the record reads it too."""
        grant = given(cast)
        told = erase(Entry.objects.about(grant).get(), by=Person.objects.operator(), reason="Asked")

        assert look(cast.inspector, "web:entry", told.pk).status_code == 200
        assert look(cast.stranger, "web:entry", told.pk).status_code == 404


class TestReceipt:
    def test_a_stranger_checks_what_was_downloaded_here(self, cast, look, tmp_path):
        entry = Entry.objects.about(an_issued(cast)).last()
        seal_everything()
        an_issued(cast)
        seal_everything()
        for name, args in (("receipt", [entry.pk]), ("anchor", []), ("receipt_script", [])):
            answer = look(cast.lead, f"web:{name}", *args)
            assert answer["Content-Disposition"].startswith("attachment")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            (tmp_path / name).write_bytes(content)

        checked = subprocess.run(
            [sys.executable, "-I", "receipt_script", "receipt", "--anchor", "anchor"],
            cwd=tmp_path, env={}, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert (checked.returncode, checked.stderr) == (0, "")
        assert checked.stdout.startswith("PROVED.")

    def test_it_leads_to_the_seal_of_one_s_anchor(self, cast, look):
        entry = Entry.objects.about(an_issued(cast)).last()
        seal_everything()
        an_issued(cast)
        seal_everything()

        told = json.loads(look(cast.lead, "web:receipt", entry.pk, head="1").content)

        assert told["head"]["seal"]["number"] == 1

    @pytest.mark.parametrize("head", ["0", "-1", "x", "99", "9" * 30])
    def test_a_seal_that_cannot_be_is_refused_in_words(self, cast, look, head):
        entry = Entry.objects.about(an_issued(cast)).last()
        seal_everything()

        assert look(cast.lead, "web:receipt", entry.pk, head=head).status_code == 422

    def test_an_anchor_says_nothing_of_what_was_done_and_nothing_before_the_first_seal(
        self, cast, look
    ):
        an_issued(cast)
        assert look(cast.nobody, "web:anchor").status_code == 404
        seal_everything()

        told = json.loads(look(cast.nobody, "web:anchor").content)

        assert set(told) == {"format", "seal", "signature"}


class TestLinks:
    def test_the_pages_of_a_task_a_text_and_a_unit_lead_to_their_history(self, cast, look):
        task, document = an_issued(cast), a_document(cast)
        for subject, name in (
            (task, "tasks:task"),
            (document, "documents:document"),
            (cast.ministry, "orgs:unit"),
        ):
            shown = look(cast.office, name, subject.pk).content.decode()
            assert reverse("web:history", args=[key_of(subject)]) in shown


class TestWhoWasFaster:
    """The loser of a race is told who changed what, and when: on the page, in the notice, in the API."""

    def raced(self, cast):
        task = a_draft(cast)
        actions.issue(task, by=cast.committee_head)
        return task

    def test_on_the_page_of_a_refusal(self, cast, client, rf):
        from tiendo.kit.refusals import ChangedMeanwhile
        from tiendo.web.middleware import RefusalIsAnAnswer

        task = self.raced(cast)
        lost = ChangedMeanwhile("Somebody was faster.", since=tuple(Entry.objects.about(task)[1:]))
        for htmx in (False, True):
            request = rf.post("/x/")
            request.user, request.htmx = cast.office, htmx
            request.session = client.session
            answer = RefusalIsAnAnswer(lambda r: None).process_exception(request, lost)
            said = answer.content.decode()
            assert answer.status_code == 409
            assert "Head Minh" in said
            assert "The task was issued to" in said
            assert f"{clock.now():%Y}" in said.partition("was issued")[2]

    def test_on_the_form_that_came_too_late(self, cast, client):
        task = self.raced(cast)
        client.force_login(cast.office)

        answer = client.post(reverse("tasks:issue", args=[task.pk]), {"version": "1"})

        assert answer.status_code == 409
        said = answer.content.decode().partition("What happened meanwhile")[2].partition("</ul>")[0]
        assert "Head Minh" in said
        assert "The task was issued to" in said

    def test_at_the_reading_desk(self, cast, client):
        proposal = read_document(a_document(cast), by=cast.office).proposals.first()
        refuse(proposal, by=cast.office, reason="Not a task")
        client.force_login(cast.office)

        answer = client.post(
            reverse("intake:refusal", args=[proposal.pk]),
            {"version": "0", "kind": "other", "words": "Twice"},
        )

        assert answer.status_code in {409, 422}
        assert "was refused: Not a task (Office Hoa" in answer.content.decode()

    def test_in_the_api(self, cast, client):
        task = self.raced(cast)
        client.force_login(cast.office)

        answer = client.post(
            f"/api/v1/tasks/{task.pk}/issue", data="{}", content_type="application/json",
            headers={"If-Match": '"1"'},
        )  # fmt: skip

        (change,) = answer.json()["since"]
        assert answer.status_code == 409
        assert (change["by"], change["version"]) == ("Head Minh", 2)
        assert change["sentence"].startswith("The task was issued to")
        assert change["at"]


def questions(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_twenty_lines_ask_as_much_as_one(cast, client):
    task = an_issued(cast)
    client.force_login(cast.office)
    address = reverse("web:history", args=[key_of(task)])
    client.get(address)
    one = questions(client, address)
    many_acts(cast, task)

    assert questions(client, address) == one


def test_twenty_entries_ask_as_much_as_one(cast, client):
    task = an_issued(cast)
    client.force_login(cast.inspector)
    address = reverse("web:record")
    client.get(address)
    one = questions(client, address)
    many_acts(cast, task)
    an_issued(cast)

    assert questions(client, address) == one


def many_acts(cast, task):
    with transaction.atomic():
        for person in (cast.office, cast.lead, cast.officer, cast.verifier):
            for _ in range(5):
                record("tasks.received", task, by=person, unit="x", unit_key=cast.ministry.key)
