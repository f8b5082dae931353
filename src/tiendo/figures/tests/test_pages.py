from datetime import date, timedelta

import pytest
from django.urls import reverse

from makers import a_document, a_submission, an_accepted, an_issued
from tiendo.figures.registry import FIGURES
from tiendo.figures.tests.journal import DAWN, days, done, issued, lay
from tiendo.kit import clock
from tiendo.tasks import actions


def page_of(key, **asked):
    return reverse("figures:figure", args=[key]), asked


class TestFigure:
    def test_the_office_opens_a_number_and_finds_its_rows(self, client, cast):
        late = lay(cast, [[issued(due_on=date(2025, 6, 1))]])[0]
        lay(cast, [[issued(), *done(issued(), DAWN + days(9), DAWN + days(10))]])
        client.force_login(cast.office)

        answer = client.get(*page_of("tasks.cells", cell="open_late"))

        assert answer.status_code == 200
        assert answer.context["number"] == 1
        assert reverse("tasks:task", args=[late.pk]) in answer.text
        assert "Suspended tasks count as open" in answer.text

    @pytest.mark.parametrize("key", FIGURES)
    def test_every_figure_has_its_page(self, client, cast, key):
        lay(cast, [[issued(due_on=date(2025, 6, 1))]], is_key=True)
        actions.refuse(an_issued(cast).lead, by=cast.lead, reason="Not ours")
        a_document(cast)
        client.force_login(cast.office)

        answer = client.get(*page_of(key))

        assert answer.status_code == 200
        assert str(FIGURES[key].title) in answer.text

    def test_a_number_that_nobody_registered_is_not_found(self, client, cast):
        client.force_login(cast.office)

        assert client.get(*page_of("tasks.guessed")).status_code == 404

    @pytest.mark.parametrize(
        "wrong",
        [
            {"on": "yesterday"}, {"on": "2025-02-30"}, {"on": "1999-12-31"}, {"on": "9999-12-31"},
            {"known": "soon"}, {"known": "2999-01-01T00:00"}, {"known": "0001-01-01T00:00"},
            {"known": "2025-01-01T25:00"}, {"since": "2999-01-01"}, {"on": "2025-01-05", "since": "2025-02-01"},
            {"programme": "999999"}, {"programme": "٣"}, {"unit": "nowhere"}, {"unit": "\x00"},
            {"cell": "purple"}, {"page": "0"}, {"page": "many"}, {"page": "9" * 30}, {"lead": "-1"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_answered_with_a_sentence(self, client, cast, wrong):
        client.force_login(cast.office)

        answer = client.get(*page_of("tasks.slipped", **wrong))

        assert answer.status_code == 422

    def test_a_stranger_opens_it_and_finds_nothing_of_it(self, client, cast):
        lay(cast, [[issued()]])
        client.force_login(cast.stranger)

        answer = client.get(*page_of("tasks.cells"))

        assert answer.context["rows"] == []
        assert "Clear the backlog" not in answer.text

    def test_somebody_without_a_role_may_not_look(self, client, cast):
        client.force_login(cast.nobody)

        assert client.get(*page_of("tasks.cells")).status_code == 403

    def test_nobody_is_sent_to_sign_in(self, client, cast):
        assert client.get(*page_of("tasks.cells")).status_code == 302

    def test_a_long_list_turns_its_pages(self, client, cast):
        lay(cast, [[issued()]] * 51)
        client.force_login(cast.office)

        first = client.get(*page_of("tasks.cells"))
        second = client.get(*page_of("tasks.cells", page=2))

        assert (len(first.context["rows"]), first.context["has_next"]) == (50, True)
        assert (len(second.context["rows"]), second.context["has_next"]) == (1, False)

    def test_as_many_questions_for_one_row_as_for_twenty(
        self, client, cast, django_assert_max_num_queries
    ):
        client.force_login(cast.office)
        lay(cast, [[issued()]])
        with django_assert_max_num_queries(30) as one:
            client.get(*page_of("tasks.cells"))
        lay(cast, [[issued()]] * 10)
        lay(cast, [[issued()]] * 10, unit=cast.other_ministry)
        with django_assert_max_num_queries(30) as many:
            client.get(*page_of("tasks.cells"))

        assert len(many) == len(one)

    def test_a_minute_before_the_verdict_the_page_shows_it_open(self, client, cast):
        report = a_submission(cast, an_accepted(cast))
        judged = actions.verify(report, by=cast.verifier)
        client.force_login(cast.office)
        before = (judged.at - timedelta(microseconds=1)).isoformat()

        then = client.get(*page_of("tasks.cells", known=before, on=clock.today().isoformat()))
        now = client.get(*page_of("tasks.cells"))

        assert then.context["answer"].numbers["done"] == 0
        assert "A past moment" in then.text
        assert now.context["answer"].numbers["done"] == 1
