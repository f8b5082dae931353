from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from makers import (
    a_draft,
    a_file,
    a_grant,
    a_programme,
    a_submission,
    a_unit,
    an_accepted,
    an_issued,
)
from tiendo.access.capabilities import Role as Seat
from tiendo.kit import clock
from tiendo.ledger.record import version_of
from tiendo.tasks import actions
from tiendo.tasks.models import Evidence, Report, Task
from tiendo.tasks.states import ReturnReason, Status


@pytest.fixture
def browse(client):
    """A browser in somebody's hands."""

    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def text(answer):
    return answer.content.decode()


def a_pdf(name="list.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 signed list", "application/pdf")


def status_of(task):
    return Task.objects.get(pk=task.pk).lead.status


class TestTasks:
    def test_the_office_finds_every_task_and_the_lead_its_own(self, cast, browse):
        own, other = an_issued(cast, title="Clear the backlog of paper"), None
        other = actions.issue(
            a_draft(cast, title="Pave the mountain road", unit=cast.other_ministry), by=cast.office
        )

        office, lead = (
            text(browse(cast.office).get("/tasks/")),
            text(browse(cast.lead).get("/tasks/")),
        )

        assert own.title in office
        assert other.title in office
        assert own.title in lead
        assert other.title not in lead

    def test_a_stranger_sees_none_and_nobody_is_asked_to_sign_in(self, cast, browse, client):
        task = an_issued(cast)

        assert client.get("/tasks/").status_code == 302
        assert task.title not in text(browse(cast.stranger).get("/tasks/"))

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("state=late", {"Late one"}),
            ("state=due_soon", {"Soon one"}),
            ("state=draft", {"Draft one"}),
            ("state=submitted", {"Sent one"}),
            ("state=done", set()),
            ("q=sent ONE", {"Sent one"}),
            ("key=on", {"Soon one"}),
            ("unit=Ministry of Rivers", {"Late one", "Soon one", "Draft one", "Sent one"}),
            ("unit=Nowhere", set()),
        ],
    )
    def test_the_address_narrows_the_list(self, cast, browse, asked, found):
        an_issued(cast, title="Late one", due_on=clock.today() - timedelta(days=3))
        an_issued(cast, title="Soon one", due_in=2, is_key=True)
        a_draft(cast, title="Draft one")
        a_submission(cast, an_accepted(cast, title="Sent one", due_in=60))

        page = text(browse(cast.office).get(f"/tasks/?{asked}"))

        titles = {"Late one", "Soon one", "Draft one", "Sent one"}
        assert {title for title in titles if title in page} == found

    @pytest.mark.parametrize(
        "asked",
        [
            "after=0",
            "after=-1",
            "after=x",
            "after=²",
            "after=9999999.1&state=late",
            "after=0.1&state=open",
            "before=12345678901234567890",
            "state=%00",
            "q=%00",
            "programme=abc",
            "sector=%00",
            "unit=99999999999999999999",
            "due_from=0&due_to=9999-99-99",
            "columns=x&columns=lead",
        ],
    )
    def test_nonsense_in_the_address_is_no_error(self, cast, browse, asked):
        assert browse(cast.office).get(f"/tasks/?{asked}").status_code == 200

    @pytest.mark.parametrize("asked", ["", "state=late&"])
    def test_pages_follow_one_another_to_the_end_and_back_and_no_task_is_left_out(
        self, cast, browse, asked
    ):
        day = clock.today() - timedelta(days=3)
        for number in range(60):  # thirty of them are owed on one day
            an_issued(
                cast, title=f"Task called {number:02}", due_on=day - timedelta(days=number // 30)
            )
        office, seen, way, page = browse(cast.office), [], [], None

        while page is None or page.after:
            way.append(f"/tasks/?{asked}after={page.after if page else ''}")
            page = office.get(way[-1]).context["page"]
            seen.append([row.task for row in page.rows])
        back = [seen[-1]]
        while page.before:
            page = office.get(f"/tasks/?{asked}before={page.before}").context["page"]
            back.append([row.task for row in page.rows])

        assert [len(one) for one in seen] == [25, 25, 10]
        assert sorted(task for page in seen for task in page) == sorted(
            task.pk for task in Task.objects.all()
        )
        assert back == seen[::-1]

    def test_a_list_of_one_and_of_twenty_asks_as_often(
        self, cast, browse, django_assert_num_queries
    ):
        an_issued(cast)
        one = queries(browse(cast.office), "/tasks/")
        for _ in range(19):
            an_issued(cast)

        assert queries(browse(cast.office), "/tasks/") == one

    def test_the_first_date_is_struck_through_only_when_it_was_moved(self, cast, browse):
        task = an_accepted(cast)
        assert "<del>" not in text(browse(cast.office).get("/tasks/"))

        moved(cast, task)

        assert "<del>" in text(browse(cast.office).get("/tasks/"))


def queries(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def moved(cast, task):
    asked = actions.ask_extension(
        task.lead,
        by=cast.lead,
        asked_on=task.lead.due_on + timedelta(days=31),
        reason="Legal check",
    )
    return actions.decide_extension(asked, by=cast.office, granted=True, note="Once")


class TestTask:
    def test_the_page_tells_the_whole_story(self, cast, browse):
        task = an_accepted(cast, quote="The Ministry shall clear the backlog.", quote_language="en")
        moved(cast, task)
        report = a_submission(cast, task)
        actions.send_back(
            report, by=cast.verifier, reason=ReturnReason.EVIDENCE, note="Not signed."
        )

        page = text(browse(cast.lead).get(f"/tasks/{task.pk}/"))

        for words in (
            "The Ministry shall clear the backlog.",
            "Ministry of Rivers accepted the task.",
            "Not signed.",
            "The evidence does not show it",
            "minutes.pdf",
            "Legal check",
            "6 of 6",
            "<del>",
            "t-axis",
        ):
            assert words in page, words

    def test_history_names_units_in_the_readers_language(self, cast, browse):
        cast.ministry.names.filter(language="vi").update(text="Bộ Sông ngòi")
        task = an_accepted(cast)

        page = text(browse(cast.lead).get(f"/tasks/{task.pk}/"))

        assert "Ministry of Rivers accepted the task." in page
        assert "Bộ Sông ngòi" not in page

    def test_a_long_history_shows_its_newest_lines_and_opens_the_rest(self, cast, browse):
        task = an_accepted(cast)
        for turn in range(8):
            actions.report(task.lead, by=cast.lead, words=f"Turn {turn}.", amount=None, out_of=None)

        page = text(browse(cast.lead).get(f"/tasks/{task.pk}/"))

        shown, _summary, older = page.partition('<details class="t-older">')
        assert shown.count("sent report") == 8
        assert "accepted the task" not in shown
        assert "accepted the task" in older
        assert "All 11" in older

    def test_a_stranger_does_not_find_it_and_nobody_signs_in(self, cast, browse, client):
        task = an_issued(cast)

        assert client.get(f"/tasks/{task.pk}/").status_code == 302
        assert browse(cast.stranger).get(f"/tasks/{task.pk}/").status_code == 404
        assert browse(cast.lead).get("/tasks/99999999999999999999999/").status_code == 404

    def test_a_draft_is_not_seen_by_the_unit_it_is_for(self, cast, browse):
        task = a_draft(cast)

        assert browse(cast.lead).get(f"/tasks/{task.pk}/").status_code == 404
        assert browse(cast.office).get(f"/tasks/{task.pk}/").status_code == 200

    def test_a_helping_unit_sees_the_task_and_not_the_reports_of_the_lead(self, cast, browse):
        lead = actions.PartWording(unit=cast.ministry, by_head=True, product="List",
                                   due_on=clock.today(), verifier=cast.committee)  # fmt: skip
        helper = actions.PartWording(
            unit=cast.province, verifier=cast.committee, due_on=clock.today()
        )
        task = actions.draft(
            a_programme(cast), by=cast.office, title="Joint work", lead=lead, co_parts=(helper,),
            measure="a ÷ b", authority="Minister", responsibility="Lead",
        )  # fmt: skip
        actions.issue(task, by=cast.office)
        actions.accept(task.lead, by=cast.lead)
        report = a_submission(cast, task)
        file = report.evidence.get()

        page = text(browse(cast.stranger).get(f"/tasks/{task.pk}/"))

        assert "Joint work" in page
        assert report.words not in page
        assert browse(cast.stranger).get(f"/evidence/{file.pk}/").status_code == 404

    def test_one_report_or_ten_the_page_asks_as_often(self, cast, browse):
        task = an_accepted(cast)
        actions.report(task.lead, by=cast.lead, words="Begun.", files=(a_file("a.pdf"),))
        moved(cast, task)
        few = queries(browse(cast.office), f"/tasks/{task.pk}/")
        for number in range(9):
            actions.report(
                Task.objects.get(pk=task.pk).lead,
                by=cast.officer,
                words=f"Step {number}",
                files=(a_file(f"{number}.pdf"),),
            )

        assert queries(browse(cast.office), f"/tasks/{task.pk}/") == few

    @pytest.mark.parametrize(
        ("who", "offered", "hidden"),
        [
            ("lead", ["/acceptance/", "/refusal/", "/receipt/"], ["/report/", "/drop/"]),
            ("officer", ["/receipt/"], ["/acceptance/", "/refusal/"]),
            ("office", ["/drop/", "/suspension/"], ["/acceptance/", "/verdict/"]),
            ("inspector", [], ["/acceptance/", "/drop/", "/suspension/", "/report/"]),
        ],
    )
    def test_each_is_offered_what_they_may_do(self, cast, browse, who, offered, hidden):
        task = an_issued(cast)

        page = text(browse(getattr(cast, who)).get(f"/tasks/{task.pk}/"))

        assert all(address in page for address in offered)
        assert not any(address in page for address in hidden)


class TestAcceptance:
    def test_the_lead_accepts_in_one_tap(self, cast, browse):
        task = an_issued(cast)

        answer = browse(cast.lead).post(f"/parts/{task.lead.pk}/acceptance/")

        assert answer.status_code == 302
        assert status_of(task) == Status.ACCEPTED

    def test_who_may_only_look_is_refused_and_a_stranger_finds_nothing(self, cast, browse, client):
        task = an_issued(cast)
        address = f"/parts/{task.lead.pk}/acceptance/"

        assert client.post(address).status_code == 302
        assert browse(cast.inspector).post(address).status_code == 403
        assert browse(cast.stranger).post(address).status_code == 404
        assert status_of(task) == Status.ISSUED

    def test_nothing_is_accepted_twice(self, cast, browse):
        task = an_accepted(cast)

        assert browse(cast.lead).post(f"/parts/{task.lead.pk}/acceptance/").status_code == 409


class TestReceipt:
    def test_the_desk_confirms_and_looking_alone_records_nothing(self, cast, browse):
        task = an_issued(cast)
        browse(cast.officer).get(f"/tasks/{task.pk}/")
        assert status_of(task) == Status.ISSUED

        browse(cast.officer).post(f"/parts/{task.lead.pk}/receipt/")

        assert status_of(task) == Status.RECEIVED
        assert browse(cast.inspector).post(f"/parts/{task.lead.pk}/receipt/").status_code == 403


class TestRefusal:
    def test_the_lead_refuses_with_a_reason_and_the_office_issues_again(self, cast, browse):
        task = an_issued(cast)

        browse(cast.lead).post(f"/parts/{task.lead.pk}/refusal/", {"reason": "Not our river."})
        assert status_of(task) == Status.REFUSED
        page = text(browse(cast.office).get(f"/tasks/{task.pk}/"))
        browse(cast.office).post(
            f"/parts/{task.lead.pk}/reissue/", {"reason": "It is yours since March."}
        )

        assert "Not our river." in page
        assert "/reissue/" in page
        assert status_of(task) == Status.ISSUED

    def test_without_a_reason_nothing_happens(self, cast, browse):
        task = an_issued(cast)

        answer = browse(cast.lead).post(f"/parts/{task.lead.pk}/refusal/", {"reason": "  "})

        assert answer.status_code == 422
        assert status_of(task) == Status.ISSUED

    def test_too_late_is_409_and_the_reason_is_not_lost(self, cast, browse):
        task = an_accepted(cast)

        answer = browse(cast.lead).post(
            f"/parts/{task.lead.pk}/refusal/", {"reason": "Not our river."}
        )

        assert answer.status_code == 409
        assert "Not our river." in text(answer)

    def test_a_draft_never_slips_out_through_the_answer_to_a_refusal(self, cast, browse):
        task = a_draft(cast, measure="")

        answer = browse(cast.office).post(f"/parts/{task.lead.pk}/reissue/", {"reason": "Go"})

        assert answer.status_code == 409
        assert status_of(task) == Status.DRAFT


class TestReport:
    def test_the_form_is_shown_to_who_may_report(self, cast, browse, client):
        task = an_accepted(cast)
        address = f"/parts/{task.lead.pk}/report/"

        assert client.get(address).status_code == 302
        assert browse(cast.officer).get(address).status_code == 200
        assert browse(cast.inspector).get(address).status_code == 403
        assert browse(cast.stranger).get(address).status_code == 404

    def test_a_report_with_numbers_and_files_is_kept(self, cast, browse):
        task = an_accepted(cast)

        answer = browse(cast.officer).post(
            f"/parts/{task.lead.pk}/report/",
            {"words": "Half is done.", "amount": "642", "out_of": "1284", "number": "1",
             "files": [a_pdf("a.pdf"), a_pdf("b.pdf")]},
        )  # fmt: skip

        report = Report.objects.get()
        assert answer.status_code == 302
        assert (report.amount, report.out_of) == (642, 1284)
        assert [file.name for file in report.evidence.all()] == ["a.pdf", "b.pdf"]

    def test_a_final_report_without_a_file_loses_nothing(self, cast, browse):
        task = an_accepted(cast)
        typed = {
            "words": "All of it is done.",
            "obstacle": "Rain",
            "amount": "7",
            "out_of": "7",
            "is_final": "on",
        }

        answer = browse(cast.lead).post(f"/parts/{task.lead.pk}/report/", typed)

        page = text(answer)
        assert answer.status_code == 422
        assert "Add a file that shows the product" in page
        assert "All of it is done." in page
        assert "Rain" in page
        assert not Report.objects.exists()
        assert status_of(task) == Status.ACCEPTED

    def test_a_file_survives_a_form_that_came_back(self, cast, browse):
        task = an_accepted(cast)
        address = f"/parts/{task.lead.pk}/report/"
        first = browse(cast.lead).post(
            address, {"words": "", "is_final": "on", "files": [a_pdf("signed.pdf")]}
        )
        seal = text(first).split('name="kept" value="')[1].split('"')[0]

        answer = browse(cast.lead).post(
            address, {"words": "Done.", "is_final": "on", "kept": [seal]}
        )

        assert first.status_code == 422
        assert answer.status_code == 302
        assert Evidence.objects.get().name == "signed.pdf"

    def test_a_seal_opens_for_its_own_person_only(self, cast, browse):
        task = an_accepted(cast)
        address = f"/parts/{task.lead.pk}/report/"
        first = browse(cast.lead).post(address, {"words": "", "files": [a_pdf("signed.pdf")]})
        seal = text(first).split('name="kept" value="')[1].split('"')[0]

        browse(cast.officer).post(address, {"words": "Mine.", "kept": [seal, "forged"]})

        assert not Evidence.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"amount": "many", "out_of": "7"}, "Write a number in figures"),
            ({"amount": "NaN", "out_of": "7"}, "Write a number in figures"),
            ({"amount": "1e999999", "out_of": "7"}, "Write a number in figures"),
            ({"amount": "5"}, "A number needs both parts"),
            ({"amount": "-5", "out_of": "7"}, "cannot be below zero"),
            ({"files": [SimpleUploadedFile("a.exe", b"MZ")]}, "are not taken"),
            ({"files": [SimpleUploadedFile("a.pdf", b"")]}, "empty"),
            ({"words": "\0"}, "Null characters"),
        ],
    )
    def test_bad_input_is_answered_and_stores_nothing(self, cast, browse, typed, said):
        task = an_accepted(cast)

        answer = browse(cast.lead).post(
            f"/parts/{task.lead.pk}/report/", {"words": "Said.", **typed}
        )

        assert answer.status_code == 422
        assert said in text(answer)
        assert not Report.objects.exists()

    def test_the_second_of_two_colleagues_reads_the_first_and_may_still_send(self, cast, browse):
        task = an_accepted(cast)
        address = f"/parts/{task.lead.pk}/report/"
        browse(cast.lead).post(address, {"words": "Mine first.", "number": "1"})

        lost = browse(cast.officer).post(address, {"words": "Mine too.", "number": "1"})
        again = browse(cast.officer).post(address, {"words": "Mine too.", "number": "2"})

        assert lost.status_code == 409
        assert "Mine too." in text(lost)
        assert 'name="number" value="2"' in text(lost)
        assert again.status_code == 302

    def test_before_acceptance_there_is_nothing_to_report_on(self, cast, browse):
        task = an_issued(cast)

        assert browse(cast.lead).get(f"/parts/{task.lead.pk}/report/").status_code == 409
        answer = browse(cast.lead).post(f"/parts/{task.lead.pk}/report/", {"words": "Done."})
        assert answer.status_code == 409
        assert "Accept the task first" in text(answer)

    def test_htmx_gets_the_panel_alone_and_is_sent_on_when_done(self, cast, browse):
        task = an_accepted(cast)
        address, htmx = f"/parts/{task.lead.pk}/report/", {"HX-Request": "true"}

        panel = browse(cast.lead).get(address, headers=htmx)
        wrong = browse(cast.lead).post(address, {"words": ""}, headers=htmx)
        done = browse(cast.lead).post(address, {"words": "Begun."}, headers=htmx)

        assert "<html" not in text(panel)
        assert wrong.status_code == 422
        assert "<html" not in text(wrong)
        assert done["HX-Redirect"] == f"/tasks/{task.pk}/"


class TestNothingNew:
    def test_one_keystroke_says_so_and_changes_no_state(self, cast, browse):
        task = an_accepted(cast)

        answer = browse(cast.officer).post(
            f"/parts/{task.lead.pk}/nothing-new/", {"next": "/my-work/"}
        )

        assert answer["Location"] == "/my-work/"
        assert Report.objects.get().nothing_new
        assert status_of(task) == Status.ACCEPTED

    def test_a_second_tap_is_not_a_second_report(self, cast, browse):
        task = an_accepted(cast)
        browse(cast.officer).post(f"/parts/{task.lead.pk}/nothing-new/")

        answer = browse(cast.officer).post(f"/parts/{task.lead.pk}/nothing-new/")

        assert answer.status_code == 409
        assert Report.objects.count() == 1

    def test_nobody_is_led_to_another_site(self, cast, browse):
        task = an_accepted(cast)

        answer = browse(cast.officer).post(
            f"/parts/{task.lead.pk}/nothing-new/", {"next": "https://elsewhere.example/"}
        )

        assert answer["Location"] == f"/tasks/{task.pk}/"


class TestVerdict:
    def test_the_verifier_verifies_and_it_is_done(self, cast, browse):
        report = a_submission(cast)
        address = f"/reports/{report.pk}/verdict/"

        assert browse(cast.verifier).get(address).status_code == 200
        answer = browse(cast.verifier).post(address, {"accepted": "yes", "note": ""})

        assert answer.status_code == 302
        assert status_of(report.part.task) == Status.DONE

    def test_the_doer_the_inspector_the_stranger_and_nobody_cannot(self, cast, browse, client):
        report = a_submission(cast)
        address = f"/reports/{report.pk}/verdict/"

        assert client.post(address, {"accepted": "yes"}).status_code == 302
        assert browse(cast.lead).post(address, {"accepted": "yes"}).status_code == 403
        assert browse(cast.inspector).get(address).status_code == 403
        assert browse(cast.stranger).post(address, {"accepted": "yes"}).status_code == 404
        assert status_of(report.part.task) == Status.SUBMITTED

    def test_it_is_returned_with_a_reason_and_a_note(self, cast, browse):
        report = a_submission(cast)

        browse(cast.verifier).post(
            f"/reports/{report.pk}/verdict/",
            {"accepted": "no", "reason": "form", "note": "No stamp."},
        )

        assert status_of(report.part.task) == Status.RETURNED
        assert Report.objects.get().verdict.reason == ReturnReason.FORM

    @pytest.mark.parametrize(
        "typed",
        [
            {"accepted": "no", "note": "No stamp."},
            {"accepted": "no", "reason": "form"},
            {"reason": "made-up", "note": "No stamp."},
        ],
    )
    def test_a_return_without_reason_or_note_returns_nothing(self, cast, browse, typed):
        report = a_submission(cast)

        answer = browse(cast.verifier).post(f"/reports/{report.pk}/verdict/", typed)

        assert answer.status_code == 422
        assert typed.get("note", "") in text(answer)
        assert status_of(report.part.task) == Status.SUBMITTED

    def test_a_verdict_is_given_once(self, cast, browse):
        report = a_submission(cast)
        actions.verify(report, by=cast.verifier)

        assert browse(cast.verifier).get(f"/reports/{report.pk}/verdict/").status_code == 409
        answer = browse(cast.verifier).post(
            f"/reports/{report.pk}/verdict/", {"accepted": "no", "reason": "form", "note": "No."}
        )
        assert answer.status_code == 409


class TestEvidence:
    def test_who_sees_the_part_downloads_it_as_a_file(self, cast, browse):
        file = a_submission(cast).evidence.get()

        answer = browse(cast.verifier).get(f"/evidence/{file.pk}/")

        assert b"".join(answer.streaming_content) == b"%PDF-1.7 minutes"
        assert answer["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_a_stranger_and_nobody_do_not(self, cast, browse, client):
        file = a_submission(cast).evidence.get()

        assert client.get(f"/evidence/{file.pk}/").status_code == 302
        assert browse(cast.stranger).get(f"/evidence/{file.pk}/").status_code == 404


class TestExtension:
    def test_the_unit_asks_and_the_office_grants(self, cast, browse):
        task = an_accepted(cast)
        first, asked = task.lead.due_on, task.lead.due_on + timedelta(days=31)

        browse(cast.lead).post(
            f"/parts/{task.lead.pk}/extension/",
            {"asked_on": asked.isoformat(), "reason": "Legal check"},
        )
        request = task.lead.extensions.get()
        page = text(browse(cast.office).get(f"/tasks/{task.pk}/"))
        browse(cast.office).post(
            f"/extensions/{request.pk}/decision/", {"granted": "yes", "note": "Once"}
        )

        part = Task.objects.get(pk=task.pk).lead
        assert f"/extensions/{request.pk}/decision/" in page
        assert (part.first_due_on, part.due_on) == (first, asked)

    def test_the_office_declines_and_the_date_stays(self, cast, browse):
        task = an_accepted(cast)
        request = actions.ask_extension(
            task.lead,
            by=cast.lead,
            asked_on=task.lead.due_on + timedelta(days=31),
            reason="Legal check",
        )
        address = f"/extensions/{request.pk}/decision/"

        assert browse(cast.lead).post(address, {"granted": "yes", "note": "Yes"}).status_code == 403
        assert browse(cast.stranger).get(address).status_code == 404
        assert browse(cast.office).post(address, {"granted": "no", "note": ""}).status_code == 422
        assert browse(cast.office).get(address).status_code == 200
        browse(cast.office).post(address, {"granted": "no", "note": "Keep it"})

        part = Task.objects.get(pk=task.pk).lead
        assert part.due_on == part.first_due_on
        assert (
            browse(cast.office).post(address, {"granted": "yes", "note": "Yes"}).status_code == 409
        )

    @pytest.mark.parametrize("asked_on", ["", "2020-01-01", "31-02-2031", "soon"])
    def test_an_earlier_or_impossible_day_is_answered(self, cast, browse, asked_on):
        task = an_accepted(cast)

        answer = browse(cast.lead).post(
            f"/parts/{task.lead.pk}/extension/", {"asked_on": asked_on, "reason": "Legal check"}
        )

        assert answer.status_code == 422
        assert "Legal check" in text(answer)
        assert not task.lead.extensions.exists()


class TestIssue:
    def test_the_office_issues_what_it_saw(self, cast, browse):
        task = a_draft(cast)
        assert browse(cast.office).get(f"/tasks/{task.pk}/issue/").status_code == 200

        browse(cast.office).post(f"/tasks/{task.pk}/issue/", {"version": version_of(task)})

        assert status_of(task) == Status.ISSUED

    def test_what_is_missing_is_said_and_only_the_head_overrules(self, cast, browse):
        task = a_draft(cast, measure="")
        address = f"/tasks/{task.pk}/issue/"

        refused = browse(cast.office).post(address, {})
        no_right = browse(cast.office).post(address, {"overrule": "Urgent"})
        browse(cast.committee_head).post(address, {"overrule": "Urgent; the measure follows"})

        assert refused.status_code == 422
        assert "is-gap" in text(refused)
        assert no_right.status_code == 403
        assert status_of(task) == Status.ISSUED

    def test_a_draft_reworded_meanwhile_is_not_issued_unread(self, cast, browse):
        task = a_draft(cast)
        seen = version_of(task)
        lead = actions.PartWording(
            unit=cast.ministry,
            by_head=True,
            product="Map",
            due_on=clock.today(),
            verifier=cast.committee,
        )
        actions.reword(task, by=cast.office, saw=seen, lead=lead, title="Quite another work")

        answer = browse(cast.committee_head).post(f"/tasks/{task.pk}/issue/", {"version": seen})

        assert answer.status_code == 409
        assert "Quite another work" in text(answer)
        assert status_of(task) == Status.DRAFT

    def test_the_unit_never_sees_the_door(self, cast, browse):
        task = an_issued(cast)

        assert browse(cast.lead).get(f"/tasks/{task.pk}/issue/").status_code == 403
        assert browse(cast.office).get(f"/tasks/{task.pk}/issue/").status_code == 409
        assert browse(cast.stranger).get(f"/tasks/{task.pk}/issue/").status_code == 404


class TestWording:
    def a_form(self, task, **typed):
        return {
            "title": "Clear the whole backlog",
            "lead": "Ministry of Rivers",
            "due_on": "2031-05-30",
            "product": "A list",
            "verifier": "Steering Committee",
            "version": version_of(task),
            **typed,
        }

    def test_the_office_rewords_a_draft_and_names_those_who_help(self, cast, browse):
        task = a_draft(cast)
        assert browse(cast.office).get(f"/tasks/{task.pk}/wording/").status_code == 200

        browse(cast.office).post(
            f"/tasks/{task.pk}/wording/",
            self.a_form(task, helpers="Ministry of Roads\nHill Province", post=task.lead.post_id),
        )

        task = Task.objects.get(pk=task.pk)
        assert task.title == "Clear the whole backlog"
        assert {part.unit for part in task.co_parts} == {cast.other_ministry, cast.province}
        assert task.lead.post.unit == cast.ministry

    def test_the_second_editor_is_shown_what_changed_and_loses_nothing(self, cast, browse):
        task = a_draft(cast)
        late = self.a_form(task, title="Clear half of it")
        browse(cast.office).post(f"/tasks/{task.pk}/wording/", self.a_form(task))

        lost = browse(cast.committee_head).post(f"/tasks/{task.pk}/wording/", late)

        page = text(lost)
        assert lost.status_code == 409
        assert "Clear half of it" in page
        assert "Now stored: Clear the whole backlog" in page
        assert Task.objects.get(pk=task.pk).title == "Clear the whole backlog"

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"lead": "Ministry of Clouds"}, "No unit is called"),
            ({"lead": "Twin"}, "Several units are called"),
            ({"title": ""}, "This field is required"),
            ({"title": "x" * 501}, "at most 500"),
            ({"verifier": "Ministry of Rivers"}, "cannot verify its own part"),
            ({"helpers": "Ministry of Rivers"}, "Name every unit once"),
            ({"due_on": "someday"}, "valid date"),
            ({"post": "999999"}, "valid choice"),
            ({"cycle": "P9D"}, "valid choice"),
        ],
    )
    def test_bad_input_is_answered_and_changes_nothing(self, cast, browse, typed, said):
        task = a_draft(cast)
        a_unit("Twin", under=cast.country)
        a_unit("Twin", under=cast.province)

        answer = browse(cast.office).post(f"/tasks/{task.pk}/wording/", self.a_form(task, **typed))

        assert answer.status_code == 422
        assert said in text(answer)
        assert Task.objects.get(pk=task.pk).title == "Clear the paper backlog"

    def test_an_issued_task_is_not_reworded_and_the_unit_may_not(self, cast, browse):
        task = an_issued(cast)

        assert browse(cast.office).get(f"/tasks/{task.pk}/wording/").status_code == 409
        assert (
            browse(cast.office).post(f"/tasks/{task.pk}/wording/", self.a_form(task)).status_code
            == 409
        )
        assert browse(cast.lead).get(f"/tasks/{task.pk}/wording/").status_code == 403
        assert browse(cast.stranger).get(f"/tasks/{task.pk}/wording/").status_code == 404


class TestNew:
    def test_the_office_writes_a_task_by_hand(self, cast, browse):
        programme = a_programme(cast)
        assert browse(cast.office).get("/tasks/new/").status_code == 200

        answer = browse(cast.office).post(
            "/tasks/new/",
            {
                "programme": programme.pk,
                "title": "Measure every river",
                "lead": "Ministry of Rivers",
                "post": "head",
            },
        )

        task = Task.objects.get()
        assert answer["Location"] == f"/tasks/{task.pk}/"
        assert task.lead.unit == cast.ministry
        assert task.lead.verifier == cast.committee
        assert task.lead.post.kind == "head"

    def test_the_posts_of_the_unit_being_typed_are_offered(self, cast, browse):
        from makers import a_post

        a_post(cast.ministry, "Deputy minister for water")

        page = text(browse(cast.office).get("/tasks/new/?lead=Ministry of Rivers"))

        assert "Deputy minister for water" in page

    def test_a_unit_head_writes_none_and_nobody_signs_in(self, cast, browse, client):
        programme = a_programme(cast)
        typed = {
            "programme": programme.pk,
            "title": "Measure every river",
            "lead": "Ministry of Rivers",
        }

        assert client.get("/tasks/new/").status_code == 302
        assert browse(cast.lead).get("/tasks/new/").status_code == 403
        assert browse(cast.lead).post("/tasks/new/", typed).status_code == 403
        assert not Task.objects.exists()

    def test_a_form_without_its_lead_comes_back_whole(self, cast, browse):
        answer = browse(cast.office).post(
            "/tasks/new/", {"title": "Measure every river", "lead": ""}
        )

        assert answer.status_code == 422
        assert "Measure every river" in text(answer)


class TestHolding:
    def test_a_part_rests_and_is_taken_up_again(self, cast, browse):
        task = an_accepted(cast)

        browse(cast.office).post(f"/parts/{task.lead.pk}/suspension/", {"reason": "Flood"})
        assert status_of(task) == Status.SUSPENDED
        browse(cast.office).post(f"/parts/{task.lead.pk}/resumption/", {"reason": "Dry again"})

        assert status_of(task) == Status.UNDER_WAY

    def test_a_part_that_does_not_rest_is_not_resumed(self, cast, browse):
        task = an_accepted(cast)

        assert (
            browse(cast.office)
            .post(f"/parts/{task.lead.pk}/resumption/", {"reason": "Go"})
            .status_code
            == 409
        )
        assert (
            browse(cast.lead)
            .post(f"/parts/{task.lead.pk}/suspension/", {"reason": "Rest"})
            .status_code
            == 403
        )
        assert status_of(task) == Status.ACCEPTED

    def test_a_task_is_dropped_once_with_its_reason(self, cast, browse):
        task = an_accepted(cast)
        address = f"/tasks/{task.pk}/drop/"

        assert browse(cast.lead).get(address).status_code == 403
        assert browse(cast.office).get(address).status_code == 200
        browse(cast.office).post(address, {"reason": "The law is repealed"})

        assert status_of(task) == Status.DROPPED
        assert browse(cast.office).post(address, {"reason": "Again"}).status_code == 409
        assert "The law is repealed" in text(browse(cast.lead).get(f"/tasks/{task.pk}/"))


def test_every_button_leads_somewhere(cast, browse):
    a_grant(Seat.UNIT_HEAD, cast.committee, cast.office)
    task = an_issued(cast)

    page = text(browse(cast.office).get(f"/tasks/{task.pk}/"))

    assert reverse("tasks:drop", args=[task.pk]) in page
