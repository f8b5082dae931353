"""Reforms in a browser: the secretary prepares, somebody else carries out; who may not is told so, or sees nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import a_person, a_unit
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.orgs.models import Kind, Unit
from tiendo.reforms import actions
from tiendo.reforms.models import Reform
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind as Reforming
from tiendo.reforms.tests.conftest import BASIS, a_reform, a_report, a_task
from tiendo.tasks.models import Part


def as_person(client, person):
    client.force_login(person)
    return client


def page(client, name, *args, **asked):
    return client.get(reverse(name, args=args), asked)


def said(answer):
    return " ".join(answer.content.decode().split())


def typed(land, **given):
    return {
        "basis": BASIS, "on": land.today.isoformat(), "unit_1": "North", "heir": "South", "rows": "2",
        **given,
    }  # fmt: skip


def prepare(client, land, kind="merge", **given):
    return client.post(f"{reverse('reforms:new')}?kind={kind}", typed(land, **given))


class TestNew:
    def test_the_kinds_are_offered_then_the_form(self, client, land):
        as_person(client, land.secretary)

        assert "Split a unit" in said(page(client, "reforms:new"))
        form = said(page(client, "reforms:new", kind="merge"))
        assert "Taken over by" in form
        assert "What kind of reform?" in said(page(client, "reforms:new", kind="nonsense"))

    def test_the_secretary_prepares_and_sees_what_will_move(self, client, land):
        task = a_task(land, lead=land.north)
        as_person(client, land.secretary)

        answer = prepare(client, land)

        reform = Reform.objects.get()
        assert answer["Location"] == reform.get_absolute_url()
        told = said(client.get(answer["Location"]))
        assert "North → South" in told
        assert "1 open part passes to its heir" in told
        assert "somebody else carries it out" in told
        assert task.title in said(page(client, "reforms:moves", reform.pk, "parts"))

    def test_nothing_typed_is_lost_when_a_name_is_in_doubt(self, client, land):
        as_person(client, land.secretary)

        answer = prepare(client, land, heir="Nowhere", basis="Resolution 7")

        assert answer.status_code == 422
        assert 'value="Resolution 7"' in said(answer)
        assert 'value="Nowhere"' in said(answer)
        assert "No unit of" in said(answer)
        assert not Reform.objects.exists()

    def test_one_more_row_loses_nothing_and_blames_nobody(self, client, land):
        as_person(client, land.secretary)

        answer = prepare(client, land, heir="", more="1")

        assert answer.status_code == 200
        assert 'name="unit_3"' in said(answer)
        assert 'value="North"' in said(answer)
        assert "is-wrong" not in said(answer)

    @pytest.mark.parametrize("rows", ["", "x", "-1", "999999999999", "①"])
    def test_nonsense_in_hidden_fields_is_no_fault_of_ours(self, client, land, rows):
        as_person(client, land.secretary)

        assert prepare(client, land, rows=rows).status_code in {302, 422}
        assert prepare(client, land, unit_1="\x00", on="2025-02-30").status_code == 422

    def test_a_merger_into_a_new_unit(self, client, land):
        as_person(client, land.secretary)

        prepare(client, land, unit_2="South", heir="Both Shores", heir_is_new="on", code="77")

        told = said(client.get(Reform.objects.get().get_absolute_url()))
        assert "1 unit is founded" in told
        assert "Both Shores" in told

    def test_a_split_with_shares(self, client, land):
        as_person(client, land.secretary)
        heirs = {"heir_1": "East", "new_1": "on", "share_1": "60", "heir_2": "West", "new_2": "on"}

        wrong = prepare(client, land, "split", **heirs, share_2="50")
        assert wrong.status_code == 302  # prepared: what is wrong with it is named on its page
        told = said(client.get(wrong["Location"]))
        assert "The shares add up to 110 %" in told

        reform = Reform.objects.get()
        client.post(
            reverse("reforms:revision", args=[reform.pk]),
            typed(land, **heirs, share_2="40", version="1"),
        )
        assert previewed(Reform.objects.get()).conflicts == []

    @pytest.mark.parametrize(
        ("kind", "given"),
        [
            ("move", {"beneath": "South", "unit_1": "Riverside"}),
            ("rename", {"name": "Chợ Mới", "code": "123"}),
            ("change_kind", {"becomes": "ward", "unit_1": "Riverside"}),
            ("abolish", {"level": "commune", "beneath": "North"}),
        ],
    )
    def test_each_kind_is_prepared_revised_and_told(self, client, land, kind, given):
        as_person(client, land.secretary)
        asked = prepare(client, land, kind, **given)
        if "Which unit is meant?" in said(asked):  # a commune's name alone is never sure
            meant = {"unit_1_for": given["unit_1"], "unit_1_unit": land.commune.pk}
            asked = prepare(client, land, kind, **given, **meant)
        prepared = asked

        reform = Reform.objects.get()
        assert prepared["Location"] == reform.get_absolute_url()
        assert client.get(reform.get_absolute_url()).status_code == 200
        again = said(page(client, "reforms:revision", reform.pk))
        assert all(f'value="{value}"' in again for value in given.values())

    def test_who_may_not_prepare_is_told_so(self, client, land):
        assert page(as_person(client, land.head), "reforms:new").status_code == 403
        assert prepare(client, land).status_code == 403


class TestReform:
    def test_a_stranger_sees_a_prepared_one_not_at_all(self, client, land):
        reform = a_reform(land)
        as_person(client, land.head)

        for name in ("reforms:reform", "reforms:revision", "reforms:carrying_out", "reforms:drop"):
            assert page(client, name, reform.pk).status_code == 404
        assert page(client, "reforms:moves", reform.pk, "parts").status_code == 404
        assert client.post(reverse("reforms:choices", args=[reform.pk])).status_code == 404

    def test_who_only_looks_may_do_nothing(self, client, land):
        reform = a_reform(land)
        as_person(client, land.cast.inspector)

        told = said(page(client, "reforms:reform", reform.pk))
        assert "What will move" in told
        assert "Revise" not in told
        for name in ("reforms:revision", "reforms:carrying_out", "reforms:drop"):
            assert page(client, name, reform.pk).status_code == 403
        assert client.post(reverse("reforms:choices", args=[reform.pk])).status_code == 403

    def test_conflicts_come_first_and_a_choice_settles_them(self, client, land):
        a_person("Head of South", role=Role.UNIT_HEAD, over=land.south)
        reform = a_reform(land)
        as_person(client, land.secretary)
        told = said(page(client, "reforms:reform", reform.pk))
        assert told.index("First settle") < told.index("What will move")
        grant = Grant.objects.get(person=land.head)

        for nonsense in ("", "administrator", "7"):
            client.post(
                reverse("reforms:choices", args=[reform.pk]), {f"grant-{grant.pk}": nonsense}
            )
            assert previewed(Reform.objects.get()).conflicts
        client.post(reverse("reforms:choices", args=[reform.pk]), {f"grant-{grant.pk}": "-"})

        assert previewed(Reform.objects.get()).conflicts == []
        assert "First settle" not in said(page(client, "reforms:reform", reform.pk))

    def test_keeping_other_choices_does_not_settle_a_conflict_by_itself(self, client, land):
        a_person("Head of South", role=Role.UNIT_HEAD, over=land.south)
        reform = a_reform(land)
        as_person(client, land.secretary)

        client.post(reverse("reforms:choices", args=[reform.pk]), {f"organ-{land.party.pk}": "0"})

        after = previewed(Reform.objects.get())
        assert len(after.conflicts) == 1
        assert land.party not in after.ended

    def test_everybody_sees_what_was_carried_out_and_only_their_own_parts(self, client, land):
        a_task(land, lead=land.north)
        reform = actions.carry_out(a_reform(land), by=land.office)

        as_person(client, land.cast.lead)  # of a ministry that has nothing to do with it
        assert "What moved" in said(page(client, "reforms:reform", reform.pk))
        assert "Nothing here that you may see" in said(
            page(client, "reforms:moves", reform.pk, "parts")
        )
        assert "Nothing here that you may see" in said(
            page(client, "reforms:moves", reform.pk, "grants")
        )
        as_person(client, land.clerk)
        assert "Bring the books together" in said(page(client, "reforms:moves", reform.pk, "parts"))

    @pytest.mark.parametrize("done", [False, True])
    def test_every_list_opens(self, client, land, done):
        from makers import a_document, a_draft

        a_report(a_task(land, lead=land.north).lead, land.head)
        a_task(land, lead=land.cast.ministry, verifier=land.party)
        a_draft(land.cast, unit=land.north)
        a_document(land.cast)
        reform = a_reform(land)
        if done:
            actions.carry_out(reform, by=land.office)
        as_person(client, land.office)

        from tiendo.reforms.reads import ROWS

        for what in ROWS:
            assert page(client, "reforms:moves", reform.pk, what).status_code == 200
        assert "Head of North" in said(page(client, "reforms:moves", reform.pk, "grants"))
        assert "Chairman of North" in said(page(client, "reforms:moves", reform.pk, "posts"))
        assert page(client, "reforms:moves", reform.pk, "moved").status_code == 404

    def test_the_unit_and_its_heir_tell_it_on_their_pages(self, client, land):
        reform = actions.carry_out(a_reform(land), by=land.office)
        as_person(client, land.clerk)

        for unit in (land.north, land.south):
            told = said(client.get(reverse("orgs:unit", args=[unit.pk])))
            assert reform.get_absolute_url() in told
        assert reform.get_absolute_url() not in said(
            client.get(reverse("orgs:unit", args=[land.commune.pk]))
        )

    def test_both_sides_see_where_a_part_went(self, client, land):
        task = a_task(land, lead=land.north)
        actions.carry_out(a_reform(land), by=land.office)
        as_person(client, land.clerk)

        told = said(client.get(task.get_absolute_url()))

        assert "passed to South" in told
        assert "came from North" in told


class TestRevision:
    def test_an_older_plan_loses_to_a_newer_one(self, client, land):
        reform = a_reform(land)
        as_person(client, land.secretary)
        address = reverse("reforms:revision", args=[reform.pk])
        client.post(address, typed(land, basis="One", version="1"))

        answer = client.post(address, typed(land, basis="Two", version="1"))

        assert answer.status_code == 422
        assert 'value="Two"' in said(answer)
        assert Reform.objects.get().basis == "One"

    def test_choices_outlive_a_revision(self, client, land):
        reform = a_reform(land)
        as_person(client, land.secretary)
        client.post(reverse("reforms:choices", args=[reform.pk]), {f"organ-{land.party.pk}": "0"})

        client.post(reverse("reforms:revision", args=[reform.pk]), typed(land, basis="Later"))

        assert land.party not in previewed(Reform.objects.get()).ended


class TestCarryingOut:
    def test_somebody_else_is_asked_once_more_and_does_it(self, client, land):
        task = a_task(land, lead=land.north)
        reform = a_reform(land)
        as_person(client, land.office)
        asked = said(page(client, "reforms:carrying_out", reform.pk))
        assert "Yes, carry it out" in asked

        address = reverse("reforms:carrying_out", args=[reform.pk])
        assert client.post(address).status_code == 200  # without “yes” it only asks
        answer = client.post(address, {"yes": "1", "seen": previewed(reform).fingerprint})

        assert answer["Location"] == reform.get_absolute_url()
        assert Part.objects.get(task=task, unit=land.south).status == "issued"
        assert client.post(address, {"yes": "1"}).status_code == 409

    def test_what_has_changed_meanwhile_is_shown_before_it_is_done(self, client, land):
        reform = a_reform(land)
        seen = previewed(reform).fingerprint
        a_task(land, lead=land.north)
        as_person(client, land.office)

        answer = client.post(
            reverse("reforms:carrying_out", args=[reform.pk]), {"yes": "1", "seen": seen}
        )

        assert answer.status_code == 409
        assert "has changed since you looked" in said(answer)
        assert previewed(reform).fingerprint in said(answer)
        assert Reform.objects.get().is_prepared

    def test_who_prepared_it_is_refused_and_before_the_day_everybody(self, client, land):
        reform = a_reform(land)
        later = a_reform(land, on=land.today + timedelta(days=3))

        assert (
            page(as_person(client, land.secretary), "reforms:carrying_out", reform.pk).status_code
            == 403
        )
        answer = page(as_person(client, land.office), "reforms:carrying_out", later.pk)
        assert answer.status_code == 409
        assert "from that day on" in said(answer)


class TestDrop:
    def test_it_needs_a_reason(self, client, land):
        reform = a_reform(land)
        as_person(client, land.secretary)
        address = reverse("reforms:drop", args=[reform.pk])
        assert client.get(address).status_code == 200

        assert client.post(address, {"reason": ""}).status_code == 422
        client.post(address, {"reason": "The Assembly voted otherwise"})

        assert "The Assembly voted otherwise" in said(page(client, "reforms:reform", reform.pk))
        assert page(client, "reforms:reforms").status_code == 200
        assert client.post(address, {"reason": "Again"}).status_code == 409


class TestList:
    def test_twenty_reforms_ask_as_much_as_one(self, client, land):
        as_person(client, land.secretary)
        a_reform(land)
        page(client, "reforms:reforms")
        counted = []
        for more in (0, 20):
            for number in range(more):
                unit = a_unit(f"Village {number}", under=land.north, kind=Kind.COMMUNE)
                a_reform(land, Reforming.MERGE, units=[unit.pk], heirs=[{"unit": land.commune.pk}])
            with CaptureQueriesContext(connection) as queries:
                page(client, "reforms:reforms")
            counted.append(len(queries))

        assert counted[0] == counted[1]

    def test_nobody_is_asked_to_sign_in(self, client, land):
        assert "/account/" in page(client, "reforms:reforms")["Location"]


class TestApi:
    def call(self, client, method, path, given=None):
        kind = "application/json"
        return getattr(client, method)(path, given, content_type=kind)

    def body(self, land, **plan):
        plan = plan or {"units": [land.north.pk], "heirs": [{"unit": land.south.pk}]}
        return {"kind": "merge", "on": land.today.isoformat(), "basis": BASIS, "plan": plan}

    def test_prepared_looked_at_revised_and_carried_out(self, client, land):
        a_task(land, lead=land.north)
        as_person(client, land.secretary)
        made = self.call(client, "post", "/api/v1/reforms", self.body(land))
        assert made.status_code == 201
        pk = made.json()["id"]
        again = self.call(
            client, "post", f"/api/v1/reforms/{pk}/revision",
            {k: v for k, v in self.body(land).items() if k != "kind"} | {"version": 1},
        )  # fmt: skip
        assert again.json()["version"] == 2

        as_person(client, land.office)
        told = self.call(client, "get", f"/api/v1/reforms/{pk}/preview").json()
        assert told["counts"]["parts"] == 1
        assert told["endings"][0]["heirs"][0]["name"] == "South"
        wrong = self.call(client, "post", f"/api/v1/reforms/{pk}/carrying-out", {"seen": "old"})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "changed-meanwhile")
        done = self.call(
            client, "post", f"/api/v1/reforms/{pk}/carrying-out", {"seen": told["fingerprint"]}
        )
        assert (done.status_code, done.json()["status"]) == (201, "carried_out")
        assert self.call(client, "get", f"/api/v1/reforms/{pk}/preview").status_code == 409
        assert self.call(client, "get", f"/api/v1/reforms/{pk}").json()["counts"]["parts"] == 1
        listed = self.call(client, "get", "/api/v1/reforms").json()["items"]
        assert [one["title"] for one in listed] == ["North → South"]

    def test_conflicts_are_named_with_their_answers(self, client, land):
        a_person("Head of South", role=Role.UNIT_HEAD, over=land.south)
        pk = a_reform(land).pk
        as_person(client, land.office)

        conflict = self.call(client, "get", f"/api/v1/reforms/{pk}/preview").json()["conflicts"][0]
        assert conflict["answers"] == ["unit_head", "officer", "-"]
        seen = previewed(Reform.objects.get()).fingerprint
        refused = self.call(client, "post", f"/api/v1/reforms/{pk}/carrying-out", {"seen": seen})
        assert (refused.status_code, refused.json()["code"]) == (409, "hindered")
        assert len(refused.json()["errors"]) == 1

    def test_given_up_with_a_reason(self, client, land):
        pk = a_reform(land).pk
        as_person(client, land.secretary)

        assert (
            self.call(client, "post", f"/api/v1/reforms/{pk}/drop", {"reason": " "}).status_code
            == 422
        )
        done = self.call(client, "post", f"/api/v1/reforms/{pk}/drop", {"reason": "No vote"})
        assert done.json()["status"] == "dropped"

    def test_strangers_and_nonsense(self, client, land):
        pk = a_reform(land).pk
        as_person(client, land.head)
        assert self.call(client, "get", f"/api/v1/reforms/{pk}").status_code == 404
        assert self.call(client, "post", "/api/v1/reforms", self.body(land)).status_code == 403
        as_person(client, land.secretary)
        for plan in ({"units": [0]}, {"units": ["x"]}, {"strange": 1}, {"units": [2**70]}):
            assert (
                self.call(client, "post", "/api/v1/reforms", self.body(land, **plan)).status_code
                == 422
            )
        assert (
            self.call(client, "post", "/api/v1/reforms", self.body(land, units=[9**9])).status_code
            == 422
        )

    def test_twenty_reforms_ask_as_much_as_one(self, client, land):
        as_person(client, land.secretary)
        a_reform(land)
        counted = []
        for more in (0, 20):
            for _number in range(more):
                a_reform(land)
            with CaptureQueriesContext(connection) as queries:
                self.call(client, "get", "/api/v1/reforms")
            counted.append(len(queries))

        assert counted[0] == counted[1]


def test_the_office_of_another_province_neither_sees_nor_does(client, land):
    other = a_unit("West", under=land.country, kind=Kind.PROVINCE)
    neighbour = a_person("Neighbour", role=Role.STANDING_OFFICE, over=other)
    pk = a_reform(land, Reforming.CHANGE_KIND, units=[land.commune.pk], becomes="ward").pk

    assert page(as_person(client, neighbour), "reforms:reform", pk).status_code == 404
    assert Unit.objects.get(pk=land.commune.pk).kind == Kind.COMMUNE
