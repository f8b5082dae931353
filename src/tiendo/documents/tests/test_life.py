"""The life of a text: a draft out for opinions, answered one by one, signed, in force, replaced; each step with its clock."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from makers import a_document, a_file
from tiendo.documents import actions_life, reads_life
from tiendo.documents.actions_bonds import bind
from tiendo.documents.models import Document, Opinion
from tiendo.documents.states import Answer, Bond, Status
from tiendo.kit import clock
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.orgs.history import history_of

WORDS = "I. TASKS\n1. The ministry reports.\na) Monthly.\n"


def a_draft(cast, **given):
    facts = {
        "issuer": cast.committee,
        "title": "Plan for the year",
        "text": WORDS,
        "language": "en",
        "file": a_file("draft.txt"),
    }
    return actions_life.draft(cast.committee, by=cast.office, **{**facts, **given})


def soon(days=10):
    return clock.today() + timedelta(days=days)


def asked(cast, draft, *units):
    return actions_life.ask_opinions(draft, units or [cast.ministry], by=cast.office, due_on=soon())


def signed(cast, draft, **given):
    facts = {"symbol": "12-KH/TU", "signed_on": clock.today(), "signer": "Lê Minh"}
    return actions_life.sign(draft, by=cast.office, **{**facts, **given})


class TestLife:
    def test_a_draft_goes_its_way_on_the_pages(self, cast, client):
        client.force_login(cast.office)
        assert client.get("/documents/drafts/new/").status_code == 200
        begun = client.post(
            "/documents/drafts/new/",
            {
                "title": "Plan",
                "text": WORDS,
                "language": "en",
                "issuer": "Steering Committee",
                "unit": cast.committee.pk,
                "secrecy": "open",
                "due_on": soon(30),
            },
        )
        assert begun.status_code == 302
        draft = Document.objects.get()
        ask = client.post(
            reverse("documents:opinions_asked", args=[draft.pk]),
            {"units": "Ministry of Rivers\n", "due_on": soon()},
        )
        assert ask.status_code == 302
        request = draft.opinion_requests.get()
        client.force_login(cast.lead)
        assert "Opinions asked of you" in client.get("/documents/").content.decode()
        page = reverse("documents:opinion", args=[request.pk])
        assert client.get(page).status_code == 200
        assert (
            client.post(page, {"words": "Give us until May.", "address": "I.1.a"}).status_code
            == 302
        )
        opinion = Opinion.objects.get()
        assert client.get(reverse("documents:answer", args=[opinion.pk])).status_code == 403
        client.force_login(cast.office)
        refused = client.post(reverse("documents:answer", args=[opinion.pk]), {"answer": "not"})
        assert refused.status_code == 422
        assert (
            client.post(
                reverse("documents:answer", args=[opinion.pk]),
                {"answer": "partly", "reason": "April."},
            ).status_code
            == 302
        )
        seen = client.get(reverse("documents:opinions", args=[draft.pk])).content.decode()
        assert "Partly taken" in seen
        assert "April." in seen
        moved = client.post(
            reverse("documents:stage", args=[draft.pk]),
            {"status": "appraisal", "due_on": soon(), "note": "To the Ministry of Justice"},
        )
        assert moved.status_code == 302
        anew = client.post(
            reverse("documents:wording", args=[draft.pk]),
            {"title": "Plan, second wording", "text": WORDS},
        )
        assert anew.status_code == 302
        sign = client.post(
            reverse("documents:signature", args=[draft.pk]),
            {
                "symbol": "12-KH/TU",
                "signed_on": clock.today(),
                "signer": "Lê Minh",
                "in_force_from": soon(5),
            },
        )
        assert sign.status_code == 302
        draft.refresh_from_db()
        assert (draft.symbol, draft.signer, draft.title) == (
            "12-KH/TU",
            "Lê Minh",
            "Plan, second wording",
        )
        assert (draft.standing(clock.today()), draft.standing(soon(5))) == (
            Status.SIGNED,
            Status.IN_FORCE,
        )
        assert [s.stage.status for s in reads_life.steps_of(draft, clock.today())] == [
            "draft",
            "opinions",
            "appraisal",
            "signed",
        ]
        ends = client.post(
            reverse("documents:end", args=[draft.pk]),
            {"status": "expired", "on": soon(50), "note": "Done"},
        )
        assert ends.status_code == 302
        assert all(line.sentence for line in history_of(draft))

    def test_only_its_office_and_those_asked_see_a_draft(self, cast, client):
        draft = a_draft(cast)
        asked(cast, draft)
        for person, status in (
            (cast.office, 200),
            (cast.lead, 200),
            (cast.stranger, 404),
            (cast.nobody, 404),
        ):
            client.force_login(person)
            assert client.get(draft.get_absolute_url()).status_code == status
        signed(cast, actions_life.move_on(draft, Status.APPRAISAL, by=cast.office))
        client.force_login(cast.stranger)
        assert client.get(draft.get_absolute_url()).status_code == 200

    @pytest.mark.parametrize(
        "status", [Status.DRAFT, Status.SIGNED, Status.IN_FORCE, Status.EXPIRED]
    )
    def test_no_step_is_jumped(self, cast, status):
        draft = a_draft(cast)
        with pytest.raises(Refused):
            actions_life.move_on(draft, status, by=cast.office)
        with pytest.raises(Refused):
            actions_life.end(draft, Status.EXPIRED, by=cast.office, on=soon(), note="x")
        assert (
            actions_life.move_on(draft, Status.APPRAISAL, by=cast.office).status == Status.APPRAISAL
        )

    def test_a_stage_past_its_day_says_so(self, cast):
        draft = a_draft(cast, due_on=soon(3))
        stood = [reads_life.steps_of(draft, soon(days))[0] for days in (3, 4)]
        assert [(one.is_late, one.days) for one in stood] == [(False, 3), (True, 4)]

    def test_a_signed_text_is_not_worded_anew(self, cast):
        draft = signed(cast, a_draft(cast))
        with pytest.raises(Refused, match="signed"):
            actions_life.reword(draft, by=cast.office, title="x", text=WORDS, file=a_file())
        assert draft.status == Status.SIGNED

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"symbol": " "}, "symbol"),
            ({"signer": ""}, "signer"),
            ({"signed_on": date(2999, 1, 1)}, "signed_on"),
            ({"in_force_from": date(2020, 1, 1)}, "in_force_from"),
        ],
    )
    def test_a_signature_is_whole(self, cast, given, field):
        draft = a_draft(cast)
        with pytest.raises(Invalid) as refusal:
            signed(cast, draft, **given)
        assert refusal.value.field == field
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT

    def test_a_number_is_given_once(self, cast):
        signed(cast, a_draft(cast))
        with pytest.raises(Refused, match="already registered"):
            signed(cast, a_draft(cast))

    def test_a_new_text_replaces_the_old_one_from_the_day_it_is_in_force(self, cast):
        old, draft = a_document(cast), a_draft(cast)
        bind(draft, Bond.REPLACES, old, by=cast.office)
        old.refresh_from_db()
        assert old.status == Status.IN_FORCE
        signed(cast, draft, in_force_from=soon(5))
        old.refresh_from_db()
        assert [old.standing(soon(days)) for days in (4, 5)] == [Status.IN_FORCE, Status.REPLACED]
        assert "12-KH/TU" in history_of(old)[0].sentence

    def test_another_offices_text_is_ended_by_that_office(self, cast):
        theirs = a_document(cast)
        from makers import a_person
        from tiendo.access.capabilities import Role

        clerk = a_person("Clerk", role=Role.UNIT_HEAD, over=cast.ministry)
        draft = actions_life.draft(
            cast.ministry,
            by=clerk,
            issuer=cast.ministry,
            title="Plan",
            text=WORDS,
            language="en",
            file=a_file(),
        )
        bind(draft, Bond.REPEALS, theirs, by=clerk)
        actions_life.sign(draft, by=clerk, symbol="1/QĐ-BR", signed_on=clock.today(), signer="M")
        theirs.refresh_from_db()
        assert theirs.status == Status.IN_FORCE


class TestOpinions:
    def test_each_is_answered_before_the_draft_goes_on(self, cast):
        draft = a_draft(cast)
        [request] = asked(cast, draft)
        opinion = actions_life.give_opinion(request, by=cast.lead, words="Later.")
        for act in (
            lambda: actions_life.move_on(draft, Status.APPRAISAL, by=cast.office),
            lambda: signed(cast, draft),
        ):
            with pytest.raises(Refused):
                act()
        actions_life.answer_opinion(opinion, Answer.TAKEN, by=cast.office)
        assert (
            actions_life.move_on(draft, Status.APPRAISAL, by=cast.office).status == Status.APPRAISAL
        )

    def test_once_answered_it_stands(self, cast):
        [request] = asked(cast, a_draft(cast))
        opinion = actions_life.give_opinion(request, by=cast.lead, words="Later.")
        actions_life.answer_opinion(opinion, Answer.NOT, by=cast.office, reason="No time")
        with pytest.raises(Refused, match="already"):
            actions_life.answer_opinion(opinion, Answer.TAKEN, by=cast.office)

    def test_a_unit_may_agree_and_only_the_unit_asked_speaks(self, cast):
        [request] = asked(cast, a_draft(cast))
        with pytest.raises(Forbidden):
            actions_life.give_opinion(request, by=cast.stranger, words="Me too")
        assert actions_life.give_opinion(request, by=cast.lead) is None
        request.refresh_from_db()
        assert request.answered_by == cast.lead

    def test_no_place_that_is_not_there_no_day_that_has_passed_and_nobody_twice(self, cast):
        draft = a_draft(cast)
        [request] = asked(cast, draft)
        with pytest.raises(Invalid):
            actions_life.give_opinion(request, by=cast.lead, words="x", address="IX")
        with pytest.raises(Invalid):
            asked(cast, draft)
        with pytest.raises(Invalid):
            actions_life.ask_opinions(draft, [cast.other_ministry], by=cast.office, due_on=soon(-1))
        with pytest.raises(Forbidden):
            actions_life.ask_opinions(draft, [cast.other_ministry], by=cast.lead, due_on=soon())

    def test_after_the_opinions_nobody_adds_one(self, cast):
        draft = a_draft(cast)
        [request] = asked(cast, draft)
        actions_life.move_on(draft, Status.APPRAISAL, by=cast.office)
        with pytest.raises(Refused):
            actions_life.give_opinion(request, by=cast.lead, words="Too late")

    def test_what_was_typed_in_doubt_comes_back(self, cast, client):
        draft = a_draft(cast)
        client.force_login(cast.office)
        answer = client.post(
            reverse("documents:opinions_asked", args=[draft.pk]),
            {"units": "Ministry of Clouds", "due_on": soon()},
        )
        assert answer.status_code == 422
        assert "Ministry of Clouds" in answer.content.decode()


class TestApi:
    def test_the_whole_life(self, cast, client):
        client.force_login(cast.office)

        def post(address, sent):
            answer = client.post(address, sent, content_type="application/json")
            assert answer.status_code == 201, answer.content
            return answer.json()

        draft = post(
            "/api/v1/documents/drafts",
            {
                "unit": cast.committee.pk,
                "issuer": cast.committee.pk,
                "title": "Plan",
                "text": WORDS,
                "language": "en",
            },
        )["id"]
        life = post(
            f"/api/v1/documents/{draft}/opinion-requests",
            {"units": [cast.ministry.pk], "due_on": soon().isoformat()},
        )
        request = life["requests"][0]["id"]
        life = post(
            f"/api/v1/opinion-requests/{request}/opinion", {"words": "Later.", "address": "I.1"}
        )
        opinion = life["requests"][0]["opinions"][0]["id"]
        post(f"/api/v1/opinions/{opinion}/answer", {"answer": "not", "reason": "No time"})
        post(f"/api/v1/documents/{draft}/wording", {"title": "Plan B", "text": WORDS})
        post(f"/api/v1/documents/{draft}/stage", {"stage": "appraisal"})
        told = post(
            f"/api/v1/documents/{draft}/signature",
            {"symbol": "12-KH/TU", "signed_on": clock.today().isoformat(), "signer": "M"},
        )
        assert told["status"] == "signed"
        post(
            f"/api/v1/documents/{draft}/end",
            {"status": "expired", "on": soon(9).isoformat(), "note": "Done"},
        )
        life = client.get(f"/api/v1/documents/{draft}/life").json()
        assert [one["status"] for one in life["stages"]] == [
            "draft",
            "opinions",
            "appraisal",
            "signed",
            "expired",
        ]
