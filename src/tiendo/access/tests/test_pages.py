"""People, roles, delegations and reasons as pages."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import a_document, a_draft, a_grant, a_person, a_post, a_unit, an_issued
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Tenure, UnitName


@pytest.fixture
def named(cast):
    """Names as the index of names needs them, folded."""
    for name in UnitName.objects.all():
        UnitName.objects.filter(pk=name.pk).update(folded=name.text.lower())


def seen_by(client, person, address, /, **asked):
    client.force_login(person)
    return client.get(address, asked)


def sent_by(client, person, address, /, **given):
    client.force_login(person)
    return client.post(address, given)


def a_seat(cast, holder, role=Role.UNIT_HEAD):
    post = a_post(cast.ministry, "Minister")
    Grant.objects.create(role=role, unit=cast.ministry, post=post, starts_on=date(2020, 1, 1))
    Tenure.objects.create(post=post, person=holder, starts_on=date(2020, 1, 1))
    return post


# --- people ---------------------------------------------------------------------------------------


class TestPeople:
    @pytest.mark.parametrize(
        ("who", "sees", "not_sees"),
        [
            ("office", ["Lead Nam", "Stranger Phúc", "Nobody"], ["Operator"]),
            ("inspector", ["Lead Nam", "Stranger Phúc", "Nobody"], []),
            ("lead", ["Lead Nam", "Officer Mai"], ["Stranger Phúc", "Office Hoa", ">Nobody<"]),
            ("stranger", ["Stranger Phúc"], ["Lead Nam", "Officer Mai"]),
        ],
    )
    def test_everybody_within_reach_and_nobody_else(self, client, cast, who, sees, not_sees):
        page = seen_by(client, getattr(cast, who), "/people/").content.decode()
        table = page[page.index("<tbody>") :]

        assert all(name in table for name in sees)
        assert not any(name in table for name in not_sees)

    @pytest.mark.parametrize("who", ["officer", "verifier", "nobody"])
    def test_who_may_not_see_rights_is_told_so(self, client, cast, who):
        answer = seen_by(client, getattr(cast, who), reverse("access:people"))
        assert answer.status_code == 403
        assert "Your own rights are on your page" in answer.content.decode()

    def test_nobody_signs_in_first(self, client, cast):
        assert client.get("/people/").status_code == 302

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"q": "mai"}, {"Officer Mai"}),
            ({"q": "tuan"}, {"Verifier Tuấn"}),
            ({"role": "officer"}, {"Officer Mai"}),
            ({"unit": "ministry of rivers"}, {"Lead Nam", "Officer Mai"}),
            ({"state": "closed"}, {"Closed Account"}),
            ({"q": "zzz"}, set()),
        ],
    )
    def test_search_and_filters(self, client, cast, named, asked, found):
        gone = a_person("Closed Account", role=Role.OFFICER, over=cast.ministry)
        gone.is_active = False
        gone.save()
        Grant.objects.filter(person=gone).update(ends_on=date(2024, 1, 1))

        answer = seen_by(client, cast.office, "/people/", **asked)

        assert answer.status_code == 200
        assert {person.name for person in answer.context["rows"]} == found

    @pytest.mark.parametrize("asked", [{"unit": "Nowhere"}, {"role": "king"}, {"q": "\x00"}])
    def test_what_it_does_not_understand_it_says_and_lists_without(self, client, cast, asked):
        answer = seen_by(client, cast.office, "/people/", **asked)
        assert answer.status_code == 422
        assert "t-wrong" in answer.content.decode()

    def test_a_page_that_is_none_is_the_first(self, client, cast):
        assert seen_by(client, cast.office, "/people/", page="x").status_code == 200


def test_twenty_people_ask_as_much_as_one(client, cast):
    def questions():
        client.force_login(cast.office)
        client.get("/people/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/people/").status_code == 200
        return len(asked)

    Tenure.objects.create(
        post=a_post(cast.ministry), person=cast.officer, starts_on=date(2020, 1, 1)
    )
    few = questions()
    for number in range(20):
        person = a_person(
            f"More {number}", role=Role.OFFICER, over=a_unit("Far", under=cast.country)
        )
        Tenure.objects.create(post=a_post(cast.ministry), person=person, starts_on=date(2020, 1, 1))
    assert questions() == few


class TestPerson:
    def test_one_person_with_roles_posts_and_delegations(self, client, cast):
        post = a_seat(cast, cast.officer)
        Delegation.objects.create(
            post=post, deputy=cast.officer, given_by=cast.lead, reason="Abroad",
            starts_on=date(2020, 1, 1), ends_on=clock.today() + timedelta(days=9),
        )  # fmt: skip
        a_grant(Role.EXPERT, cast.ministry, cast.officer, ends_on=date(2021, 1, 1))

        page = seen_by(client, cast.lead, f"/people/{cast.officer.pk}/").content.decode()

        assert "Officer" in page
        assert "through the post “Minister”" in page
        assert "Abroad" in page
        assert "Roles that have ended" in page
        assert f"/history/people.person:{cast.officer.pk}/" in page
        assert "Give a role" in page

    def test_who_is_not_within_reach_is_not_there(self, client, cast):
        assert seen_by(client, cast.stranger, f"/people/{cast.lead.pk}/").status_code == 404
        assert seen_by(client, cast.officer, f"/people/{cast.lead.pk}/").status_code == 404

    def test_everybody_sees_themselves_and_gives_themselves_nothing(self, client, cast):
        page = seen_by(client, cast.office, f"/people/{cast.office.pk}/")
        assert page.status_code == 200
        assert "Give a role" not in page.content.decode()
        assert seen_by(client, cast.nobody, f"/people/{cast.nobody.pk}/").status_code == 200

    def test_only_roles_within_the_viewers_reach_are_told(self, client, cast):
        a_grant(Role.OFFICER, cast.province, cast.officer)

        page = seen_by(client, cast.lead, f"/people/{cast.officer.pk}/").content.decode()

        assert "Ministry of Rivers" in page
        assert "Hill Province" not in page


# --- giving and ending ------------------------------------------------------------------------------


def role(**given):
    return {"role": "officer", "unit": "Ministry of Rivers", "starts_on": clock.today(), **given}


class TestGiving:
    def test_a_role_is_given_and_works_from_the_next_request_on(self, client, cast, named):
        a_grant(Role.OFFICER, cast.ministry, cast.nobody, ends_on=date(2021, 1, 1))
        address = reverse("access:grant_to_person", args=[cast.nobody.pk])

        assert seen_by(client, cast.lead, address).status_code == 200
        answer = sent_by(client, cast.lead, address, **role())

        assert answer.status_code == 302
        assert answer["Location"] == f"/people/{cast.nobody.pk}/"
        assert can(cast.nobody, "tasks.report", cast.ministry)
        assert Entry.objects.filter(act="access.given", by__endswith=f":{cast.lead.pk}").exists()

    def test_a_refusal_stands_on_the_form_and_nothing_typed_is_lost(self, client, cast, named):
        address = f"/people/{cast.officer.pk}/grants/"

        answer = sent_by(client, cast.lead, address, **role(ends_on="2020-01-01"))

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "must come after the first" in page
        assert "Ministry of Rivers" in page
        assert not Entry.objects.filter(act="access.given").exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"unit": "Nowhere at all"},
            {"unit": ""},
            {"role": "inspector"},
            {"role": "x"},
            {"starts_on": "x"},
            {"unit": "\x00"},
        ],
    )
    def test_bad_input_is_said_beside_its_field(self, client, cast, named, wrong):
        answer = sent_by(client, cast.lead, f"/people/{cast.officer.pk}/grants/", **role(**wrong))
        assert answer.status_code == 422
        assert "t-wrong" in answer.content.decode()

    def test_twice_the_same_is_refused(self, client, cast, named):
        answer = sent_by(client, cast.lead, f"/people/{cast.officer.pk}/grants/", **role())
        assert answer.status_code == 409
        assert "already holds this role" in answer.content.decode()

    def test_outside_ones_reach_is_forbidden(self, client, cast, named):
        address = f"/people/{cast.officer.pk}/grants/"
        given = role(unit="Hill Province")
        assert sent_by(client, cast.lead, address, **given).status_code == 403
        assert sent_by(client, cast.inspector, address, **role()).status_code == 403
        assert seen_by(client, cast.inspector, address).status_code == 403
        assert sent_by(client, cast.stranger, address, **role()).status_code == 404

    def test_a_post_gets_a_role(self, client, cast, named):
        post = a_post(cast.ministry, "Clerk")
        address = reverse("access:grant_to_post", args=[post.pk])

        assert seen_by(client, cast.lead, address).status_code == 200
        assert sent_by(client, cast.lead, address, **role()).status_code == 302
        assert Grant.objects.get(post=post).role == "officer"
        assert seen_by(client, cast.stranger, address).status_code == 403
        assert seen_by(client, cast.lead, "/posts/987654/grants/").status_code == 404

    def test_over_a_unit_to_somebody_named_there(self, client, cast, named):
        address = reverse("access:grant_over_unit", args=[cast.ministry.pk])

        assert seen_by(client, cast.lead, address).status_code == 200
        given = role(person=cast.nobody.username)
        assert sent_by(client, cast.lead, address, **given).status_code == 302
        assert can(cast.nobody, "tasks.report", cast.ministry)
        assert seen_by(client, cast.stranger, address).status_code == 403
        assert sent_by(client, cast.lead, address, **role(person="zzz")).status_code == 422

    def test_whoever_proved_long_ago_proves_again_first(self, client, cast, named):
        client.force_login(cast.lead)
        session = client.session
        session["account_authentication_methods"] = []
        from tiendo.people.sessions import BEGAN

        session[BEGAN] = 1
        session.save()

        answer = client.post(f"/people/{cast.officer.pk}/grants/", role(role="officer"))

        assert answer.status_code == 302
        assert "/account/" in answer["Location"]


class TestEnding:
    def test_a_role_ends_today(self, client, cast):
        grant = Grant.objects.get(person=cast.officer)
        address = reverse("access:grant_ending", args=[grant.pk])

        assert seen_by(client, cast.lead, address).status_code == 200
        assert sent_by(client, cast.lead, address, on=clock.today()).status_code == 302
        assert not can(cast.officer, "tasks.report", cast.ministry)

    def test_who_may_only_look_the_stranger_and_the_wrong_day(self, client, cast):
        grant = Grant.objects.get(person=cast.officer)
        address = f"/grants/{grant.pk}/ending/"
        assert seen_by(client, cast.inspector, address).status_code == 403
        assert sent_by(client, cast.inspector, address, on=clock.today()).status_code == 403
        assert sent_by(client, cast.stranger, address, on=clock.today()).status_code == 404
        assert sent_by(client, cast.lead, address, on="1990-01-01").status_code == 422
        assert sent_by(client, cast.lead, address, on="").status_code == 422
        assert can(cast.officer, "tasks.report", cast.ministry)


class TestDelegation:
    def test_the_holder_delegates_and_ends_it(self, client, cast, named):
        holder = a_person("Minister An")
        post = a_seat(cast, holder)
        address, today = reverse("access:delegation", args=[post.pk]), clock.today()
        given = {
            "deputy": cast.nobody.username,
            "starts_on": today - timedelta(days=1),
            "ends_on": today + timedelta(days=5),
            "reason": "Abroad",
        }

        assert seen_by(client, holder, address).status_code == 200
        assert sent_by(client, holder, address, **given).status_code == 302
        assert can(cast.nobody, "tasks.answer", cast.ministry)

        made = Delegation.objects.get()
        ending = reverse("access:delegation_ending", args=[made.pk])
        assert seen_by(client, cast.nobody, ending).status_code == 200
        assert sent_by(client, cast.stranger, ending, on=today).status_code == 404
        assert sent_by(client, cast.inspector, ending, on=today).status_code == 403
        assert sent_by(client, holder, ending, on=today).status_code == 302
        assert not can(cast.nobody, "tasks.answer", cast.ministry)

    def test_others_are_not_offered_it_and_wrong_words_stay_on_the_form(self, client, cast):
        holder = a_person("Minister An")
        post = a_seat(cast, holder)
        address = f"/posts/{post.pk}/delegations/"
        for who in (cast.officer, cast.stranger, cast.inspector):
            assert seen_by(client, who, address).status_code == 403
        answer = sent_by(client, holder, address, deputy="zzz", reason="Abroad")
        assert answer.status_code == 422
        assert "Abroad" in answer.content.decode()


class TestAccount:
    def test_an_account_is_closed_and_opened_again(self, client, cast):
        address = reverse("access:closing", args=[cast.officer.pk])

        assert seen_by(client, cast.lead, address).status_code == 200
        assert sent_by(client, cast.lead, address, reason="").status_code == 422
        assert sent_by(client, cast.lead, address, reason="Retired").status_code == 302
        cast.officer.refresh_from_db()
        assert not cast.officer.is_active

        again = reverse("access:reopening", args=[cast.officer.pk])
        assert sent_by(client, cast.inspector, again).status_code == 403
        assert sent_by(client, cast.lead, again).status_code == 302
        cast.officer.refresh_from_db()
        assert cast.officer.is_active

    def test_not_that_of_somebody_mightier_nor_from_outside(self, client, cast):
        a_grant(Role.VERIFIER, cast.ministry, cast.officer)
        address = f"/people/{cast.officer.pk}/closing/"
        assert sent_by(client, cast.lead, address, reason="x").status_code == 403
        assert sent_by(client, cast.stranger, address, reason="x").status_code == 404

    def test_a_letter_for_a_new_password(self, client, cast):
        cast.officer.email = "mai@rivers.example"
        cast.officer.save()
        address = reverse("access:reset", args=[cast.officer.pk])

        assert sent_by(client, cast.stranger, address).status_code == 404
        assert sent_by(client, cast.inspector, address).status_code == 403
        assert sent_by(client, cast.lead, address).status_code == 302
        assert Entry.objects.filter(act="people.reset_sent").exists()


# --- who works here ---------------------------------------------------------------------------------


class TestUnitPanel:
    def test_who_works_here_for_those_who_may_see_it(self, client, cast):
        holder = a_person("Minister An")
        a_seat(cast, holder)

        page = seen_by(client, cast.lead, f"/units/{cast.ministry.pk}/").content.decode()

        assert "Who works here" in page
        assert "Officer Mai" in page
        assert "Minister An" in page
        assert "Give a role over it" in page

    def test_for_others_only_the_way_to_ask(self, client, cast):
        page = seen_by(client, cast.officer, f"/units/{cast.ministry.pk}/").content.decode()
        assert "Who works here" not in page
        assert "What may I do here, and why?" in page

    def test_the_panel_asks_as_often_for_twenty_as_for_one(self, client, cast):
        def questions():
            client.force_login(cast.lead)
            client.get(f"/units/{cast.ministry.pk}/")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/units/{cast.ministry.pk}/")
            return len(asked)

        few = questions()
        for number in range(20):
            a_person(f"More {number}", role=Role.OFFICER, over=cast.ministry)
        assert questions() == few


# --- why --------------------------------------------------------------------------------------------


class TestWhy:
    def test_anybody_asks_about_themselves(self, client, cast, named):
        asked = {"capability": "tasks.report", "unit": "Ministry of Rivers"}
        page = seen_by(client, cast.officer, reverse("access:why"), **asked).content.decode()
        assert "Officer Mai: report on a task for the unit – Ministry of Rivers" in page
        assert "That is this very unit." in page

        page = seen_by(client, cast.officer, "/why/", **{**asked, "capability": "tasks.answer"})
        assert "These roles let somebody do this: Unit head." in page.content.decode()
        assert "Office Hoa, Standing office over Country" in page.content.decode()

    def test_everything_at_a_unit_at_once(self, client, cast, named):
        page = seen_by(client, cast.officer, "/why/", unit="Ministry of Rivers").content.decode()
        assert "Report on a task for the unit" in page
        assert "capability=tasks.report" in page

    def test_about_others_only_who_may_see_rights_there(self, client, cast, named):
        asked = {
            "person": cast.officer.username,
            "capability": "tasks.report",
            "unit": "Ministry of Rivers",
        }
        assert seen_by(client, cast.lead, "/why/", **asked).status_code == 200
        assert seen_by(client, cast.inspector, "/why/", **asked).status_code == 200
        assert seen_by(client, cast.stranger, "/why/", **asked).status_code == 403

    def test_why_do_i_see_this_task(self, client, cast):
        task = an_issued(cast)
        key = f"tasks.task:{task.pk}"

        page = seen_by(client, cast.officer, "/why/", subject=key).content.decode()
        assert "Why do I see this?" in page
        assert "Officer Mai: see tasks – Ministry of Rivers" in page
        assert seen_by(client, cast.stranger, "/why/", subject=key).status_code == 404
        link = seen_by(client, cast.officer, f"/tasks/{task.pk}/").content.decode()
        assert f"/why/?subject={key}" in link

    def test_why_do_i_see_this_text(self, client, cast):
        text = a_document(cast)
        key = f"documents.document:{text.pk}"
        page = seen_by(client, cast.nobody, "/why/", subject=key).content.decode()
        assert "everybody who signed in may read it" in page
        link = seen_by(client, cast.nobody, f"/documents/{text.pk}/").content.decode()
        assert f"/why/?subject={key}" in link

    def test_do_they_see_this_draft(self, client, cast):
        key = f"tasks.task:{a_draft(cast).pk}"
        asked = {"subject": key, "person": cast.lead.username}
        page = seen_by(client, cast.office, "/why/", **asked).content.decode()
        assert "Does Lead Nam see this, and why?" in page
        assert "this place does not lie there" in page
        assert seen_by(client, cast.lead, "/why/", **asked).status_code == 404

    @pytest.mark.parametrize(
        "key",
        ["", "x", "tasks.task:", "tasks.task:x", "tasks.task:0", "people.person:1", "a.b:1",
         "tasks.task:99999999999999999999", "tasks.task:1:2", "..:1", "\x00:1"],
    )  # fmt: skip
    def test_a_subject_that_is_none_is_not_there(self, client, cast, key):
        answer = seen_by(client, cast.office, "/why/", subject=key)
        assert answer.status_code == (404 if key else 200)

    @pytest.mark.parametrize(
        "asked", [{"unit": "Nowhere"}, {"capability": "x.y"}, {"person": "zzz"}, {"unit": "\x00"}]
    )
    def test_bad_input_is_said(self, client, cast, asked):
        assert seen_by(client, cast.office, "/why/", **asked).status_code == 422


def test_asking_why_asks_as_much_for_twenty_roles_as_for_one(client, cast, named):
    asked = {"unit": "Ministry of Rivers"}

    def questions():
        seen_by(client, cast.officer, "/why/", **asked)
        with CaptureQueriesContext(connection) as made:
            assert client.get("/why/", asked).status_code == 200
        return len(made)

    few = questions()
    for _ in range(20):
        a_grant(Role.OFFICER, a_unit("Elsewhere", under=cast.country), cast.officer)
    assert questions() == few
