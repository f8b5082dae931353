"""Pages on which proposals are split, merged, marked, taken back; two people at one desk; a text read again."""

import json

import pytest
from django.urls import reverse

from makers import a_document, a_person, a_programme
from tiendo.access.capabilities import Role
from tiendo.documents.models import Document
from tiendo.intake import actions
from tiendo.intake.models import Intake
from tiendo.intake.states import Status
from tiendo.intake.tests.conftest import TEXT
from tiendo.intake.tests.test_actions import worded
from tiendo.intake.tests.test_pages import at, queries

LONG = (
    "The Ministry of Rivers shall clear the backlog of paper records before 31 March 2026, "
    "and publish the list of the old ferries."
)


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


@pytest.fixture
def desk(cast):
    a_programme(cast)
    return actions.read_document(a_document(cast, text=f"{LONG}\n\n{TEXT}"), by=cast.office)


class TestSplit:
    def test_the_places_to_cut_stand_between_the_pieces(self, office, desk):
        first = desk.proposals.first()

        page = office.get(at("intake:split", first)).content.decode()

        assert 'name="at"' in page
        assert 'data-key="s"' in page
        assert "publish the list" in page

    def test_a_tick_or_typed_words_cut(self, office, desk):
        first = desk.proposals.first()
        place = first.quote.index("and publish")

        office.post(at("intake:split", first), {"at": [str(place)], "version": "0"})

        assert desk.proposals.filter(made_from=first).count() == 2
        second = desk.proposals.get(made_from=first, quote__startswith="and publish")
        office.post(at("intake:split", second), {"words": "of the old", "version": "1"})
        assert desk.proposals.filter(made_from=second).count() == 2

    @pytest.mark.parametrize(
        "sent", [{}, {"at": ["7"]}, {"at": ["x"]}, {"words": "not in it"}, {"words": "\x00"}]
    )
    def test_a_cut_that_cannot_be_says_so_and_keeps_what_was_typed(self, office, desk, sent):
        first = desk.proposals.first()

        answer = office.post(at("intake:split", first), sent)

        assert answer.status_code == 422
        assert not desk.proposals.filter(status=Status.REPLACED).exists()
        assert sent.get("words", "").strip("\x00") in answer.content.decode()

    def test_who_may_only_look_may_not_and_a_stranger_finds_nothing(self, cast, client, desk):
        first = desk.proposals.first()
        for name in ("intake:split", "intake:merger"):
            client.force_login(cast.inspector)
            assert client.get(at(name, first)).status_code == 403
            client.force_login(cast.stranger)
            assert client.get(at(name, first)).status_code == 404


class TestMerger:
    def test_the_next_one_is_offered_first_and_both_become_one(self, office, desk):
        first, second, _third = desk.proposals.all()
        page = office.get(at("intake:merger", first))
        assert page.context["cutting"].initial["others"] == [str(second.pk)]

        answer = office.post(at("intake:merger", first), {"others": [str(second.pk)]})

        made = desk.proposals.get(made_from=first)
        assert answer.url.endswith(f"p={made.pk}")
        assert (
            office.get(desk.get_absolute_url(), {"p": second.pk}).context["current"].proposal
            == made
        )

    def test_a_task_that_asks_for_the_same_is_shown_and_takes_the_sentence(
        self, cast, office, desk
    ):
        first, second, _third = desk.proposals.all()
        same = worded(cast, second) | {"title": "Clear the backlog of paper records"}
        task = actions.accept(second, by=cast.office, **same)
        first.work = "Clear the backlog of the paper records"
        first.save()

        page = office.get(desk.get_absolute_url(), {"p": first.pk})
        assert page.context["seen"] == [task]
        assert "Seen before" in page.content.decode()
        answer = office.post(at("intake:merger", first), {"task": str(task.pk)})

        first.refresh_from_db()
        assert (first.status, first.follows) == (Status.FOLLOWED, task)
        after = office.get(answer.url).content.decode()
        assert at("intake:reopening", first) in after
        assert office.get(desk.get_absolute_url(), {"p": first.pk}).status_code == 200

    @pytest.mark.parametrize("sent", [{}, {"others": ["9999999"]}, {"task": "x"}])
    def test_nothing_chosen_or_nothing_known_is_refused(self, office, desk, sent):
        answer = office.post(at("intake:merger", desk.proposals.first()), sent)

        assert answer.status_code == 422
        assert not desk.proposals.filter(status=Status.REPLACED).exists()

    def test_whoever_was_slower_is_told_who_was_faster(self, cast, office, desk):
        first, second, _third = desk.proposals.all()
        actions.refuse(first, by=cast.office, reason="Only guidance")

        answer = office.post(
            at("intake:merger", first), {"others": [str(second.pk)], "version": "0"}
        )

        assert answer.status_code == 422
        assert "Only guidance" in answer.content.decode()


class TestProposal:
    def test_marked_words_become_a_proposal(self, office, desk):
        page = office.get(at("intake:proposal", desk), {"words": "Work has  begun"})
        assert 'value="Work' in page.content.decode() or "Work has  begun" in page.content.decode()

        answer = office.post(at("intake:proposal", desk), {"words": "Work has\nbegun well."})

        made = desk.proposals.get(quote="Work has begun well")
        assert answer.url.endswith(f"p={made.pk}")
        assert "by hand" in office.get(answer.url).content.decode()

    @pytest.mark.parametrize("words", ["", "not there", "\x00", "Work", "x" * 5000])
    def test_words_that_are_not_there_stay_typed_and_are_refused(self, office, desk, words):
        answer = office.post(at("intake:proposal", desk), {"words": words, "p": "²"})

        assert answer.status_code == 422
        assert desk.proposals.count() == 3

    def test_it_is_left_out_again(self, office, desk):
        office.post(at("intake:proposal", desk), {"words": "Work has begun well."})
        made = desk.proposals.get(quote="Work has begun well")

        office.post(at("intake:restoration", made))

        made.refresh_from_db()
        assert made.status == Status.REPLACED


class TestNews:
    def test_nothing_happened_nothing_is_sent(self, office, desk):
        assert office.get(at("intake:news", desk), {"turn": desk.turn}).status_code == 204

    def test_one_sees_what_the_other_decided_and_not_what_one_did_oneself(
        self, cast, client, office, desk
    ):
        other = a_person("Minh Trần", role=Role.STANDING_OFFICE, over=cast.committee)
        first, second, _third = desk.proposals.all()
        actions.refuse(first, by=other, reason="Only guidance")
        actions.refuse(second, by=cast.office, reason="Not ours")

        told = office.get(at("intake:news", desk), {"turn": "0"}).content.decode()

        assert "Only guidance" in told
        assert "Minh Trần" in told
        assert "Not ours" not in told

    def test_a_strange_turn_is_no_fault_and_a_stranger_finds_nothing(
        self, cast, client, office, desk
    ):
        assert office.get(at("intake:news", desk), {"turn": "²"}).status_code == 204
        client.force_login(cast.stranger)
        assert client.get(at("intake:news", desk)).status_code == 404

    def test_it_asks_as_often_for_one_change_as_for_twenty(self, cast, office):
        a_programme(cast)
        other = a_person("Minh Trần", role=Role.STANDING_OFFICE, over=cast.committee)
        asked = []
        for count in (1, 20):
            text = "\n".join(
                f"The Ministry of Rivers shall mend bridge {n} soon." for n in range(20)
            )
            desk = actions.read_document(a_document(cast, text=text), by=cast.office)
            for proposal in desk.proposals.all()[:count]:
                actions.refuse(proposal, by=other, reason="Guidance")
            asked.append(queries(office, at("intake:news", desk)))

        assert asked[0] == asked[1]


class TestRereading:
    def test_a_changed_text_says_so_and_is_read_again(self, cast, office, desk):
        first = desk.proposals.first()
        actions.accept(first, by=cast.office, **worded(cast, first))
        Document.objects.filter(pk=desk.document_id).update(text=f"New opening.\n\n{TEXT}")
        assert "Read it again" in office.get(desk.get_absolute_url()).content.decode()

        answer = office.post(at("intake:rereading", desk), follow=True)

        page = answer.content.decode()
        assert "What was decided stays." in page
        assert "no longer in the text" in page
        assert "Read it again" not in page

    def test_who_may_only_look_may_not(self, cast, client, desk):
        client.force_login(cast.inspector)

        assert client.post(at("intake:rereading", desk)).status_code == 403


class TestApi:
    @pytest.fixture
    def call(self, cast, client):
        client.force_login(cast.office)

        def ask(name, pk, given=None):
            sent = {"content_type": "application/json", "data": json.dumps(given or {})}
            return client.post(reverse(name, args=[pk]), **sent)

        return ask

    def test_the_same_acts_over_the_api(self, cast, client, call, desk):
        first, second, third = desk.proposals.all()
        place = first.quote.index("and publish")

        parts = call("api:proposal-split", first.pk, {"at": [place], "version": 0})
        assert parts.status_code == 201, parts.content
        one, two = (row["id"] for row in parts.json()["items"])
        back = call("api:proposal-restoration", one)
        assert [row["id"] for row in back.json()["items"]] == [first.pk]
        made = call("api:proposal-merger", first.pk, {"others": [second.pk]}).json()
        assert made["made_from"] == [first.pk, second.pk]
        refused = call("api:proposal-refusal", third.pk, {"reason": "Guidance"})
        assert refused.status_code == 201
        again = call("api:proposal-reopening", third.pk, {})
        assert again.json()["status"] == "waiting"
        start = desk.document.text.index("Work has begun")
        marked = call("api:marking", desk.document_id, {"start": start, "end": start + 19})
        assert marked.json()["quote"] == "Work has begun well"
        third.refresh_from_db()
        task = actions.accept(third, by=cast.office, **worded(cast, third, lead=cast.ministry))
        followed = call("api:proposal-following", made["id"], {"task": task.pk})
        assert followed.json()["follows"] == task.pk
        assert two in [p.pk for p in desk.proposals.filter(status=Status.REPLACED)]
        reread = call("api:rereading", desk.document_id)
        assert (reread.status_code, reread.json()["new"]) == (201, 0)

    def test_an_old_version_is_told_what_happened(self, cast, call, desk):
        first = desk.proposals.first()
        actions.refuse(first, by=cast.office, reason="Guidance")

        answer = call("api:proposal-split", first.pk, {"at": [30], "version": 0})

        assert answer.status_code == 409
        assert answer.json()["code"] == "changed-meanwhile"

    @pytest.mark.parametrize(
        ("address", "given"),
        [
            ("api:proposal-split", {"at": ["x"]}),
            ("api:proposal-split", {"at": []}),
            ("api:proposal-merger", {"others": [999999]}),
            ("api:proposal-following", {"task": 999999}),
            ("api:marking", {"start": 5, "end": 5}),
        ],
    )
    def test_bad_input_is_refused_with_a_sentence(self, call, desk, address, given):
        first = desk.proposals.first()

        answer = call(address, desk.document_id if address == "api:marking" else first.pk, given)

        assert answer.status_code == 422
        assert answer.json()["detail"]


def test_the_list_offers_a_place_to_paste(cast, office):
    page = office.get(reverse("intake:desks")).content.decode()

    assert 'name="text"' in page
    assert reverse("documents:registration") in page
    assert Intake.objects.count() == 0
