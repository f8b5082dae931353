"""What is checked on the spot: a lot that anyone can draw again, and evidence that was sent before."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageDraw

from makers import a_file, a_person, a_submission, an_accepted
from tiendo.access.capabilities import Role
from tiendo.kit import clock, jobs
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.proof import root_of
from tiendo.tasks import actions
from tiendo.tasks.actions_draws import announce, draw_lots, find
from tiendo.tasks.drawing import drawn, how_many, ticket
from tiendo.tasks.models import Draw, Evidence
from tiendo.tasks.reuse import look, reused
from tiendo.tasks.seeing import apart, bands, look_of_places
from tiendo.tasks.states import Finding


class TestTheLotItself:
    RESULTS = [(number, "commune" if number % 3 else "province") for number in range(1, 301)]

    def test_anyone_can_draw_it_again(self):
        once = drawn("seed", "root", self.RESULTS, {"commune": 5, "province": 20})
        assert once == drawn("seed", "root", self.RESULTS, {"commune": 5, "province": 20})
        tickets = sorted(
            (ticket("seed", "root", n), n) for n, of in self.RESULTS if of == "commune"
        )
        assert [n for _t, n in tickets[:10]] == [d.number for d in once if d.level == "commune"]

    def test_shares_are_rounded_up_by_level(self):
        once = drawn("seed", "root", self.RESULTS, {"commune": 5, "province": 20})
        assert [sum(d.level == of for d in once) for of in ("commune", "province")] == [10, 20]
        assert [how_many(1, 5), how_many(0, 100), how_many(7, 0), how_many(7, 100)] == [1, 0, 0, 7]

    def test_another_seed_and_another_list_give_another_lot(self):
        lots = {
            tuple(d.number for d in drawn(seed, root, self.RESULTS, {"commune": 5}))
            for seed, root in (("a", "x"), ("b", "x"), ("a", "y"))
        }
        assert len(lots) == 3


def accepted(cast, number=3):
    reports = [a_submission(cast) for _ in range(number)]
    for report in reports:
        actions.verify(report, by=cast.verifier)
    return reports


@pytest.fixture
def browse(client):
    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def a_lot(cast, **given):
    today = clock.today()
    period = {"starts_on": today, "ends_on": today + timedelta(days=1)}
    return announce(cast.country, by=cast.office, **{**period, **given})


@pytest.fixture
def tomorrow():
    with time_machine.travel(clock.now(), tick=True) as there:
        yield lambda: there.shift(timedelta(days=1))


@pytest.mark.django_db
class TestDraw:
    def test_the_seed_comes_first_and_the_list_after(self, cast, tomorrow):
        lot = a_lot(cast, seed="5 6 2 1")
        reports = accepted(cast)
        with pytest.raises(Refused, match="when its period is over"):
            draw_lots(lot, by=cast.office)
        tomorrow()
        accepted(cast, 1)  # sent after the period
        draw_lots(lot, by=cast.office)

        assert (lot.size, lot.root) == (3, root_of([[r.pk, "central"] for r in reports]))
        assert {check.report_id for check in lot.checks.all()} == {r.pk for r in reports}
        with pytest.raises(Refused, match="drawn once"):
            draw_lots(lot, by=cast.office)

    def test_a_period_that_is_over_is_too_late_to_announce(self, cast):
        today = clock.today()
        with pytest.raises(Invalid):
            a_lot(cast, starts_on=today - timedelta(days=9), ends_on=today)
        with pytest.raises(Invalid):
            a_lot(cast, ends_on=today)
        with pytest.raises(Invalid):
            a_lot(cast, shares={"central": 101})
        with pytest.raises(Forbidden):
            announce(
                cast.country, by=cast.inspector, starts_on=today, ends_on=today + timedelta(days=1)
            )

    def test_graded_work_and_what_was_not_accepted_stay_out(self, cast, tomorrow):
        lot = a_lot(cast)
        a_submission(cast)
        graded = a_submission(cast, an_accepted(cast, secrecy="secret"))
        actions.verify(graded, by=cast.verifier)
        tomorrow()
        assert draw_lots(lot, by=cast.office).size == 0

    def test_another_than_who_accepted_writes_what_was_found_once(self, cast, tomorrow):
        lot = a_lot(cast)
        accepted(cast, 1)
        tomorrow()
        check = draw_lots(lot, by=cast.office).checks.get()
        for somebody in (cast.verifier, cast.lead, cast.stranger):
            with pytest.raises(Forbidden):
                find(check, by=somebody, finding=Finding.THERE, note="Seen")
        find(check, by=cast.office, finding=Finding.NOT_THERE, note="An empty room")
        with pytest.raises(Refused):
            find(check, by=cast.office, finding=Finding.THERE, note="Now it is there")
        assert check.found_by == cast.office


@pytest.mark.django_db
class TestPages:
    def test_announced_drawn_and_found(self, cast, browse, tomorrow):
        today = clock.today()
        given = {
            "unit": "Country",
            "starts_on": today.isoformat(),
            "ends_on": (today + timedelta(days=1)).isoformat(),
            "seed": "4 4 1",
            "share_central": "100",
            "share_province": "20",
            "share_commune": "5",
            "share_other": "10",
        }
        page = browse(cast.office).post(reverse("tasks:announcement"), given, follow=True)
        assert "4 4 1" in page.content.decode()
        accepted(cast, 2)
        tomorrow()
        pk = Draw.objects.get().pk
        address = reverse("tasks:draw", args=[pk])
        drawing = reverse("tasks:drawing", args=[pk])
        lot_page = browse(cast.office).post(drawing, follow=True).content.decode()
        assert "2 of 2 results" in lot_page

        tickets = json.loads(browse(cast.nobody).get(reverse("tasks:tickets", args=[pk])).content)
        results = [(row["number"], row["level"]) for row in tickets["results"]]
        again = drawn(tickets["seed"], tickets["root"], results, tickets["shares"])
        assert {one.number for one in again} == set(tickets["drawn"])
        assert tickets["root"] == root_of([list(row) for row in results])

        check = browse(cast.office).get(address).context["checks"][0][0]
        finding = reverse("tasks:finding", args=[check.pk])
        assert browse(cast.office).get(finding).status_code == 200
        assert (
            browse(cast.office).post(finding, {"finding": "there", "note": ""}).status_code == 422
        )
        told = browse(cast.office).post(finding, {"finding": "partly", "note": "Half"}, follow=True)
        assert "Written down" in told.content.decode()
        assert browse(cast.inspector).get(finding).status_code == 403
        assert browse(cast.stranger).get(finding).status_code == 404

    def test_a_lot_that_cannot_be_announced_loses_nothing(self, cast, browse):
        today = clock.today().isoformat()
        given = {"unit": "Country", "starts_on": today, "ends_on": today, "seed": "3 3 3"}
        answer = browse(cast.office).post(reverse("tasks:announcement"), given)
        assert answer.status_code == 422
        assert "3 3 3" in answer.content.decode()
        assert browse(cast.lead).get(reverse("tasks:announcement")).status_code == 403

    def test_as_many_questions_for_one_lot_as_for_twenty(self, cast, browse):
        browser, asked = browse(cast.office), []
        for number in (1, 19):
            for _ in range(number):
                a_lot(cast)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse("tasks:draws")).status_code == 200
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_as_many_questions_for_one_check_as_for_twenty(self, cast, browse, tomorrow):
        one, many = a_lot(cast), a_lot(cast)
        accepted(cast, 12)
        tomorrow()
        draw_lots(many, by=cast.office)
        draw_lots(one, by=cast.office)
        one.checks.exclude(rank=1).delete()
        browser, asked = browse(cast.office), []
        for lot in (one, many):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(lot.get_absolute_url()).status_code == 200
            asked.append(len(queries))
        assert asked[0] == asked[1]


def a_picture(*, size=(400, 300), kind="JPEG", shade=0, seed=1):
    image = Image.new("RGB", size, (200 - shade, 210 - shade, 220 - shade))
    pen, (wide, high) = ImageDraw.Draw(image), size
    for n in range(8):
        x, y = (n * 37 * seed) % 90 / 100 * wide, (n * 53 * seed) % 80 / 100 * high
        pen.rectangle((x, y, x + wide / 6, y + high / 4), fill=(30 * n % 255, 90, 255 - 30 * n))
    content = BytesIO()
    image.save(content, kind)
    return content.getvalue()


def with_file(cast, name, content):
    task = an_accepted(cast)
    return actions.report(
        task.lead, by=cast.lead, words="Done", is_final=True, files=(a_file(name, content),)
    )


@pytest.mark.django_db
class TestReuse:
    def test_the_very_same_file_is_found_in_another_task(self, cast):
        first, second = a_submission(cast), a_submission(cast)
        [found] = reused(second, cast.verifier)
        assert (found.is_same, found.seen, found.other.report) == (True, True, first)

    def test_the_same_file_sent_again_after_a_return_is_no_reuse(self, cast):
        report = a_submission(cast)
        actions.send_back(report, by=cast.verifier, reason="form", note="No stamp")
        assert reused(a_submission(cast, report.part.task), cast.verifier) == []

    def test_a_picture_that_was_made_smaller_and_saved_anew_is_found(self, cast):
        first = with_file(cast, "gate.jpg", a_picture())
        second = with_file(cast, "door.png", a_picture(size=(800, 600), kind="PNG", shade=4))
        other = with_file(cast, "bridge.jpg", a_picture(seed=7))
        assert jobs.run_waiting() >= 3
        look([one.pk for one in Evidence.objects.all()])  # twice is once

        [found] = reused(second, cast.verifier)
        assert (found.is_same, found.other.report) == (False, first)
        assert found.apart <= 6
        assert reused(other, cast.verifier) == []

    def test_the_verifier_is_shown_it(self, cast, browse):
        first, second = a_submission(cast), a_submission(cast)
        page = browse(cast.verifier).get(reverse("tasks:verdict", args=[second.pk]))
        assert "This evidence was sent before" in page.content.decode()
        assert first.part.task.get_absolute_url() in page.content.decode()

    def test_where_it_lies_is_told_only_to_who_may_see_it_and_graded_work_not_at_all(self, cast):
        graded = a_submission(cast, an_accepted(cast, secrecy="secret"))
        report = a_submission(cast)
        officer = a_person("Narrow", role=Role.OFFICER, over=cast.committee)
        assert [one.seen for one in reused(report, cast.verifier)] == [True]
        assert reused(report, officer) == []
        assert graded.evidence.get().digest == report.evidence.get().digest

    def test_a_broken_picture_has_no_look_and_stops_nothing(self, cast):
        report = with_file(cast, "broken.jpg", b"\xff\xd8\xff not a picture")
        jobs.run_waiting()
        assert report.evidence.get().look == ""


def test_a_plain_picture_looks_like_nothing():
    assert look_of_places([7] * 72) == ""


def test_looks_three_bits_apart_share_a_piece():
    one = "0f1e2d3c4b5a6978"
    other = f"{int(one, 16) ^ 0b1 ^ (1 << 20) ^ (1 << 40):016x}"
    assert apart(one, other) == 3
    assert any(a == b for a, b in zip(bands(one), bands(other), strict=True))
