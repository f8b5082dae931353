"""The page a newcomer opens first."""

import pytest

from tiendo.orgs.models import Unit
from tiendo.web.guide import glossary_of, words


@pytest.fixture
def vietnam(cast):
    Unit.objects.filter(pk=cast.country.pk).update(key="vn")


def test_it_explains_marks_and_words_in_the_reader_s_language(cast, client, vietnam):
    client.force_login(cast.nobody)
    client.post("/language/", {"language": "fr"})

    page = client.get("/help/").content.decode()

    assert "comité directeur" in page
    assert '<span lang="vi">Ban Chỉ đạo</span>' in page
    assert "Achevée en retard" in page or "achevée en retard" in page


@pytest.mark.parametrize("language", ["vi", "en", "fr", "ru"])
def test_each_language_finds_every_word_in_its_own_order(vietnam, language):
    told = words(language)

    assert len(told) > 40
    assert {code for code, _said in told[0].others} == {"vi", "en", "fr", "ru"} - {language}
    assert all(said for one in told for _code, said in one.others)


def test_a_country_without_a_glossary_has_a_guide_all_the_same(cast, client, tmp_path):
    client.force_login(cast.nobody)

    assert glossary_of(tmp_path) == []
    assert client.get("/help/").status_code == 200


def test_its_words_cost_the_same_whatever_their_number(
    cast, client, vietnam, django_assert_max_num_queries
):
    client.force_login(cast.nobody)

    with django_assert_max_num_queries(8):
        client.get("/help/")
