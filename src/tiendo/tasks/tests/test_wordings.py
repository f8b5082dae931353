"""The wording of a task is scored; two actions in one sentence are offered a split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers import a_draft
from tiendo.ledger.models import Entry
from tiendo.ledger.record import version_of
from tiendo.tasks import actions
from tiendo.tasks.wordings import LANGUAGES, scored

TWO = [
    ("vi", "Xây dựng bộ tiêu chí và tổ chức tập huấn cho cán bộ xã",
     ("Xây dựng bộ tiêu chí", "Tổ chức tập huấn cho cán bộ xã")),
    ("vi", "Ban hành và triển khai kế hoạch số hóa",
     ("Ban hành kế hoạch số hóa", "Triển khai kế hoạch số hóa")),
    ("en", "Build the portal and train two hundred officers",
     ("Build the portal", "Train two hundred officers")),
    ("fr", "Élaborer le plan et former les agents des communes",
     ("Élaborer le plan", "Former les agents des communes")),
    ("ru", "Разработать план и обучить сотрудников общин",
     ("Разработать план", "Обучить сотрудников общин")),
]  # fmt: skip
ONE = [
    ("vi", "Rà soát khoa học và công nghệ của tỉnh"),
    ("vi", "Số hóa hồ sơ đất đai và hồ sơ hộ tịch của mười xã"),
    ("en", "Publish the maps and the tables of the province"),
    ("fr", "Numériser les dossiers et les plans de la province"),
    ("ru", "Оцифровать дела и карты провинции"),
]


@pytest.mark.parametrize(("language", "work", "pieces"), TWO)
def test_two_actions_are_offered_a_split(language, work, pieces):
    found = scored(work, language)
    assert found.split == pieces
    assert (found.points, found.findings) == (70, ("two_actions",))


@pytest.mark.parametrize(("language", "work"), ONE)
def test_two_things_of_one_action_are_one_piece_of_work(language, work):
    assert scored(work, language) == scored(work, language).__class__(100, (), None)


@pytest.mark.parametrize(
    ("language", "work"),
    [
        ("vi", "Đẩy mạnh chuyển đổi số trong toàn tỉnh"),
        ("en", "Strengthen digital transformation everywhere"),
        ("fr", "Renforcer la transformation numérique partout"),
        ("ru", "Усилить цифровое преобразование повсюду"),
    ],
)
def test_a_vague_verb_costs_points(language, work):
    assert scored(work, language).findings == ("vague",)


def test_what_is_no_work_or_too_much_of_it():
    assert scored("Backlog", "en").findings == ("no_action", "too_short")
    assert "too_long" in scored("Publish " + "very " * 50 + "long lists", "en").findings
    assert "two_sentences" in scored("Publish the list of units. It is late already", "en").findings


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "xx", ""]))
def test_any_text_is_scored_within_bounds(work, language):
    found = scored(work, language)
    assert 0 <= found.points <= 100
    assert found.split is None or all(found.split)


@pytest.mark.django_db
class TestSplit:
    def a_double(self, cast):
        return a_draft(cast, title="Build the portal and train two hundred officers")

    def test_one_act_makes_two_drafts_with_everything_but_the_work_alike(self, cast):
        task = self.a_double(cast)
        other = actions.split(
            task, by=cast.office, saw=1, first="Build the portal", second="Train 200 officers"
        )
        task.refresh_from_db()
        assert (task.title, other.title) == ("Build the portal", "Train 200 officers")
        assert (other.measure, other.lead.unit, other.lead.due_on, other.lead.verifier) == (
            task.measure, task.lead.unit, task.lead.due_on, task.lead.verifier,
        )  # fmt: skip
        assert Entry.objects.filter(act="tasks.split").count() == 2

    def test_the_score_is_recorded_when_it_goes_out(self, cast):
        task = actions.issue(self.a_double(cast), by=cast.office)
        assert Entry.objects.about(task).get(act="tasks.issued").facts["wording"] == 70

    def test_the_page_shows_the_score_and_offers_the_split(self, cast, client):
        task = self.a_double(cast)
        client.force_login(cast.office)
        page = client.get(task.get_absolute_url()).content.decode()
        assert "70 of 100" in page
        form = client.get(f"/tasks/{task.pk}/split/").content.decode()
        assert "Train two hundred officers" in form
        given = {"first": "Build the portal", "second": " ", "version": version_of(task)}
        assert client.post(f"/tasks/{task.pk}/split/", given).status_code == 422
        done = client.post(
            f"/tasks/{task.pk}/split/", {**given, "second": "Train them"}, follow=True
        )
        assert "Two drafts" in done.content.decode()
