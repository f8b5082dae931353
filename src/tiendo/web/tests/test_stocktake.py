from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from makers import a_document, a_file, a_programme, a_submission, an_accepted, an_issued
from tiendo.figures.tests.journal import DAWN, days, done, issued, lay
from tiendo.kit import clock
from tiendo.tasks import actions
from tiendo.tasks.models import Programme

PAGE = "/stocktake/"
DAY = {"on": "2025-07-01"}


class TestStocktake:
    def test_the_heading_says_the_finding(self, client, cast):
        finished = [issued(), *done(issued(), DAWN + days(9), DAWN + days(10))]
        lay(cast, [finished] * 3 + [[issued()]] * 2 + [[issued(due_on=date(2025, 12, 31))]])
        client.force_login(cast.office)

        answer = client.get(PAGE, DAY)

        assert answer.status_code == 200
        assert "<h1>3 of 6 tasks are done; 2 are late</h1>" in answer.text
        assert "60.00" in answer.text  # 3 of the 5 that fell due
        assert "3 ÷ (3 + 2)" in answer.text
        assert "50.00" in answer.text  # 3 of all 6

    def test_nothing_given_nothing_due_and_zero_are_different_words(self, client, cast):
        client.force_login(cast.office)
        none = client.get(PAGE).text
        lay(cast, [[issued(due_on=date(2025, 12, 31))]])
        not_due = client.get(PAGE, DAY).text
        lay(cast, [[issued(due_on=date(2025, 6, 1))]])
        zero = client.get(PAGE, DAY).text

        assert "No task has been given yet" in none
        assert "No task to count" in none
        assert "nothing due yet" in not_due
        assert "0.00" in zero

    def test_each_cell_opens_into_its_rows_with_the_same_dates(self, client, cast):
        lay(cast, [[issued()]] * 2)
        client.force_login(cast.office)

        text = client.get(PAGE, DAY).text
        rows = client.get(
            reverse("figures:figure", args=["tasks.cells"]), {**DAY, "cell": "open_late"}
        )

        assert "/figures/tasks.cells/?on=2025-07-01&amp;cell=open_late" in text
        assert len(rows.context["rows"]) == 2

    def test_a_minute_before_the_verdict_it_is_not_counted_and_the_page_says_so(self, client, cast):
        verdict = actions.verify(a_submission(cast), by=cast.verifier)
        client.force_login(cast.office)
        before = (verdict.at - timedelta(microseconds=1)).isoformat()

        then = client.get(PAGE, {"known": before, "on": clock.today().isoformat()}).text
        now = client.get(PAGE).text

        assert "0 of 1 tasks are done" in then
        assert "A past moment" in then
        assert "1 of 1 tasks are done" in now
        assert "A past moment" not in now

    def test_the_key_task_shows_what_is_claimed_beside_what_is_verified(self, client, cast):
        task = an_accepted(cast, is_key=True, title="Records handled online")
        actions.report(
            task.lead,
            by=cast.lead,
            words="Half way",
            amount=Decimal(40),
            out_of=Decimal(80),
            files=(a_file(),),
        )
        client.force_login(cast.office)

        answer = client.get(PAGE)

        claim = answer.context["key"][0]["claim"]
        assert (claim.claimed, claim.verified, claim.out_of) == (40, 0, 80)
        assert "40 of 80" in answer.text

    def test_what_waits_for_a_decision_is_listed(self, client, cast):
        task = an_accepted(cast)
        actions.ask_extension(
            task.lead,
            by=cast.lead,
            asked_on=task.lead.due_on + timedelta(days=9),
            reason="Rain for a month",
        )
        actions.refuse(an_issued(cast).lead, by=cast.lead, reason="Not our duty")
        client.force_login(cast.committee_head)

        answer = client.get(PAGE)

        assert answer.context["waiting"] == 2
        assert "Rain for a month" in answer.text
        assert "Not our duty" in answer.text

    def test_the_bridge_tells_what_fell_due_since_the_earlier_day(self, client, cast):
        lay(cast, [[issued(due_on=date(2025, 5, 30))], [issued(due_on=date(2025, 6, 15))]])
        client.force_login(cast.office)

        bridge = client.get(PAGE, {**DAY, "since": "2025-06-01"}).context["bridge"]

        assert (bridge["then"], bridge["now"]) == (1, 2)
        assert [(step.why, step.change) for step in bridge["steps"]] == [("fell_due", 1)]

    def test_a_programme_narrows_everything(self, client, cast):
        lay(cast, [[issued()]] * 2)
        other = a_programme(cast, "59-NQ/TW")
        lay(cast, [[issued()]] * 5, programme=other)
        client.force_login(cast.office)

        answer = client.get(PAGE, {**DAY, "programme": "59-NQ/TW"})

        assert answer.context["answer"].numbers["all"] == 5
        assert [row["name"] for row in answer.context["programmes"]] == ["59-NQ/TW"]

    def test_who_only_verifies_reads_the_name_of_each_programme(self, client, cast):
        an_accepted(cast)
        Programme.objects.update(unit=cast.country)  # above the verifier: no owner's eyes
        client.force_login(cast.verifier)

        programmes = client.get(PAGE).context["programmes"]

        assert [row["name"] for row in programmes] == ["57-NQ/TW"]

    def test_a_stranger_sees_none_of_it(self, client, cast):
        lay(cast, [[issued()]] * 2, is_key=True)
        client.force_login(cast.stranger)

        answer = client.get(PAGE, DAY)

        assert "No task has been given yet" in answer.text
        assert "Clear the backlog" not in answer.text
        assert "57-NQ/TW" not in answer.text

    def test_a_stranger_cannot_choose_a_programme_they_may_not_see(self, client, cast):
        programme = a_programme(cast)
        client.force_login(cast.stranger)

        assert client.get(PAGE, {"programme": str(programme.pk)}).status_code == 422

    def test_somebody_without_a_role_may_not_look_and_nobody_is_sent_to_sign_in(self, client, cast):
        assert client.get(PAGE).status_code == 302
        client.force_login(cast.nobody)

        answer = client.get(PAGE)

        assert answer.status_code == 403
        assert "This is not open to you" in answer.text
        assert "what you typed" not in answer.text  # who only reads has typed nothing

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"on": "31/12/2025"}, "Write the day as year-month-day"),
            ({"on": "2999-01-01"}, "has already come"),
            ({"known": "<script>"}, "Write the moment"),
            ({"known": "2999-01-01T00:00"}, "has already passed"),
            ({"since": "2999-01-01"}, "has already come"),
            ({"programme": "secret"}, "Choose a programme from the list"),
            ({"unit": "nowhere"}, "no unit with this key"),
        ],
    )
    def test_what_cannot_be_read_comes_back_with_what_was_typed(
        self, client, cast, wrong, sentence
    ):
        client.force_login(cast.office)

        answer = client.get(PAGE, {"since": "2025-01-01", **wrong})

        assert answer.status_code == 422
        assert sentence in answer.text
        assert "<script>x" not in answer.text
        if "since" not in wrong:
            assert 'value="2025-01-01"' in answer.text

    def test_as_many_questions_for_one_row_as_for_twenty(self, client, cast):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def asked():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(PAGE, DAY).status_code == 200
            return len(queries)

        client.force_login(cast.office)
        lay(cast, [[issued()]], is_key=True)
        a_document(cast, issued_on=date(2025, 1, 2))
        one = asked()
        lay(cast, [[issued()]] * 20, is_key=True)
        lay(
            cast,
            [[issued()]] * 20,
            unit=cast.other_ministry,
            programme=a_programme(cast, "59-NQ/TW"),
        )
        for _ in range(5):
            a_document(cast, issued_on=date(2025, 1, 2))

        assert asked() == one
        assert one <= 32
