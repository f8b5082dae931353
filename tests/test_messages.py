"""The words people see are found wherever they stand, and a broken translation does not pass."""

import messages
import pytest
from babel.messages.catalog import Catalog


def test_words_of_python_are_found_under_any_name():
    source = """
from django.utils.translation import gettext as _t, gettext_lazy as lazy, ngettext, pgettext
_t("One"); lazy("Two"); ngettext("%(n)s day", "%(n)s days", 3); pgettext("month", "May")
other("Three")
"""
    assert messages.from_python(source) == [
        ("One", None),
        ("Two", None),
        (("%(n)s day", "%(n)s days"), None),
        ("May", "month"),
    ]


def test_words_of_templates_are_found_with_their_placeholders():
    template = """{% load i18n %}
      <p>{% translate "Due" %} {{ _("Late") }}</p>
    <b>{% blocktranslate with day=x|day trimmed %}
        Due on {{ day }}, 5 %
    {% endblocktranslate %}</b>
  {% blocktranslate count n=days %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"""
    assert [message for message, _ in messages.from_template(template)] == [
        "Due",
        "Late",
        "Due on %(day)s, 5 %%",
        ("%(n)s day", "%(n)s days"),
    ]


def a_catalog(message, translation, **fields):
    catalog = Catalog(locale="fr")
    catalog.add(message, translation, flags=messages.flags_of(message), **fields)
    return catalog


def faults(message, translation):
    found = a_catalog(message, "")
    return list(messages.faults(a_catalog(message, translation), found))


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Due", "Échéance"),
        ("Due on %(day)s", "Échéance le %(day)s"),
        ("100 %%: %(n)s", "100 %% : %(n)s"),
        ("50 %", "50 %"),
        ("Go <b>on</b>", "<b>Continuer</b>"),
        (("%(n)s day", "%(n)s days"), ("%(n)s jour", "%(n)s jours")),
    ],
)
def test_a_faithful_translation_passes(message, translation):
    assert faults(message, translation) == []


@pytest.mark.parametrize(
    ("message", "translation", "fault"),
    [
        ("Due", "", "empty"),
        ("Due on %(day)s", "Échéance le %(jour)s", "placeholders"),
        ("Due on %(day)s", "Échéance", "placeholders"),
        ("Done: %(n)s", "Fait : %(n)s, 100 % !", "no placeholder"),
        ("Go <b>on</b>", "Continuer", "tags"),
        (("%(n)s day", "%(n)s days"), ("%(n)s jour", ""), "empty"),
        (("%(n)s day", "%(n)s days"), ("un jour", "%(n)s jours"), "placeholders"),
    ],
)
def test_a_broken_translation_does_not_pass(message, translation, fault):
    assert any(fault in said for said in faults(message, translation))


def test_a_missing_or_uncertain_message_does_not_pass():
    found = a_catalog("Due", "")
    assert list(messages.faults(Catalog(locale="fr"), found)) == ["missing: 'Due'"]
    uncertain = a_catalog("Due", "Dû")
    uncertain.get("Due").flags.add("fuzzy")
    assert list(messages.faults(uncertain, found)) == ["uncertain (fuzzy): 'Due'"]


def test_gathering_again_keeps_the_translators_work_and_takes_up_what_came_back():
    catalog = a_catalog("Due", "Échéance")
    with_due, without = a_catalog("Due", ""), a_catalog("Quite another thing", "")

    gone = messages.merged(catalog, without)
    assert "Due" not in [message.id for message in gone]
    back = messages.merged(gone, with_due)

    assert back.get("Due").string == "Échéance"
    assert not back.get("Due").fuzzy
