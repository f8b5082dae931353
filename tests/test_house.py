"""The house has rules a reviewer need not remember. Each guard is shown biting beside it."""

import re

import pytest
from django.apps import apps
from house import (
    PACKAGE,
    ROOT,
    acts,
    doors,
    name,
    own_python,
    page_files,
    pages,
    papers,
    rooms,
    test_files,
    tracked,
    words,
)
from matrix import table as rights

from tiendo.access.capabilities import ALLOWED, MAY_GIVE, SCOPES, Role
from tiendo.kit.permission import ScopedQuerySet
from tiendo.people.models import Scope

GROUND = {"kit", "ledger", "people", "orgs", "access"}  # below, or beside, the tree that scopes

ACTIONS = sorted(PACKAGE.glob("*/actions*.py"))  # a room may part its acts: actions_committees.py
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))


def in_each(places, faults):
    """All faults of all files, each with its file: one run names them all."""
    return [f"{name(place)} {fault}" for place in places for fault in faults(place.read_text())]


def nothing_wrong(faults):
    """Say every fault, not the first few."""
    said = sorted(str(fault) for fault in faults)
    assert not said, "\n" + "\n".join(said)


# --- acts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ACTIONS, ids=lambda place: f"{place.parent.name}.{place.stem}")
def test_every_act_asks_and_records_in_one_transaction(place):
    room = place.parent.name
    others = (other.read_text() for other in own_python() if other != place)
    used_elsewhere = set().union(*(acts.taken(text, room) for text in others))
    nothing_wrong(acts.faults(place.read_text(), room, used_elsewhere))


GOOD_ACT = """
@transaction.atomic
def close(task, *, by, note=""):
    require_outside(by, task)
    task.save()
    record("tasks.closed", task, by=by, note=note)

def require_outside(by, task):
    require(by, "tasks.close", task)
"""


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (GOOD_ACT.replace("@transaction.atomic\n", ""), "is not one transaction"),
        (GOOD_ACT.replace("    require_outside(by, task)\n", ""), "asks no permission"),
        (GOOD_ACT.replace('require(by, "tasks.close", task)', "pass"), "asks no permission"),
        (GOOD_ACT.replace("    record(", "    print("), "leaves no record"),
        (GOOD_ACT.replace('*, by, note=""', '*, note="", by'), "does not take `by` first"),
        (GOOD_ACT.replace("*, by, note", "by, *, note"), "does not take `by` first"),
        (
            GOOD_ACT.replace(
                "    require_outside(by, task)\n    task.save()",
                "    task.save()\n    require_outside(by, task)",
            ),
            "changes before it asks",
        ),
        (
            GOOD_ACT.replace("@transaction.atomic\n", "").replace("*, by, ", ""),
            "does not take `by`",
        ),
    ],
)
def test_the_guard_of_acts_bites(broken, fault):
    assert list(acts.faults(GOOD_ACT, "tasks")) == []
    assert any(fault in said for said in acts.faults(broken, "tasks"))


def test_the_guard_of_acts_knows_what_only_serves_an_act():
    view = "from tiendo.tasks import actions\nactions.require_outside(by, task)"
    straight = "from tiendo.tasks.actions import require_outside"
    seat = "def head_of(unit):\n    return Post.objects.create(unit=unit)\n"
    serving = GOOD_ACT.replace("task.save()", "head_of(task)") + seat

    assert acts.taken(view, "tasks") == acts.taken(straight, "tasks") == {"require_outside"}
    assert list(acts.faults(GOOD_ACT, "tasks", {"require_outside"})) == []
    assert list(acts.faults(serving, "tasks")) == []
    assert list(acts.faults(serving, "tasks", {"head_of"}))
    assert list(acts.faults(serving.replace("head_of", "require_seat"), "tasks", {"require_seat"}))


def test_what_is_excused_from_being_an_act_still_exists():
    for excused in acts.NOT_ACTS:
        room, _, function = excused.partition(".")
        assert f"def {function}(" in (PACKAGE / room / "actions.py").read_text()


# --- the record's sentences -----------------------------------------------------------------------


def recorded():
    """(file, act, facts) for every act anybody records."""
    for place in own_python():
        yield from ((name(place), act, facts) for act, facts in acts.recorded(place.read_text()))


def sentences():
    """Every room's sentences by act."""
    from importlib import import_module

    rooms_that_act = (place.parent.name for place in PACKAGE.glob("*/acts.py"))
    return {
        act: str(sentence)
        for room in rooms_that_act
        for act, sentence in import_module(f"tiendo.{room}.acts").SENTENCES.items()
    }


def test_every_act_of_the_record_has_a_sentence_and_every_sentence_an_act():
    assert {act for _, act, _ in recorded()} == set(sentences())


def test_a_sentence_says_only_what_its_act_tells():
    said = sentences()
    wrong = [(act, acts.unsaid(said.get(act, ""), facts)) for _, act, facts in recorded()]
    assert [(act, gap) for act, gap in wrong if gap] == []


@pytest.mark.parametrize("language", ["vi", "fr", "ru"])
def test_every_sentence_of_the_record_is_told_in_four_languages(language):
    import messages
    from babel.messages.catalog import Catalog

    wanted = Catalog()
    for sentence in sentences().values():
        wanted.add(sentence, flags=messages.flags_of(sentence))
    nothing_wrong(messages.faults(messages.read(language), wanted))


def test_the_guards_of_the_record_bite():
    source = """
def report(part, *, by, final):
    act = "tasks.submitted" if final else "tasks.reported"
    record(act, part, by=by, unit="x")
    record("tasks.noted", part, by=by, **named(part))
    record("tasks.given", part, by=by, personal={"to": person})
    record("tasks.told", part, by=by, personal=apart)
"""
    assert dict(acts.recorded(source)) == {
        "tasks.given": {"by", "personal", "to"},
        "tasks.told": None,
        "tasks.submitted": {"by", "unit"},
        "tasks.reported": {"by", "unit"},
        "tasks.noted": None,
    }
    assert acts.unsaid("%(unit)s sent %(number)s.", {"by", "unit"}) == {"number"}


# --- capabilities ---------------------------------------------------------------------------------


def named_capabilities():
    """Texts of the code that look like a capability, outside the table itself."""
    looks = re.compile(r'"((?:' + "|".join(rooms()) + r')\.[a-z_]+)"')
    places = (
        p for p in own_python() if p.name not in {"capabilities.py", "acts.py", "settings.py"}
    )
    return {found for place in places for found in looks.findall(place.read_text())}


def test_every_capability_of_the_table_is_asked_for():
    nothing_wrong(set(ALLOWED) - named_capabilities())


def test_every_capability_asked_for_is_in_the_table():
    asked = re.compile(r'\b(?:require|can|roots)\([^()]*?"([a-z_]+\.[a-z_]+)"|\bview = "([^"]+)"')
    found = {a or b for place in own_python() for a, b in asked.findall(place.read_text())}
    assert "tasks.verify" in found  # the eye sees
    assert found - set(ALLOWED) == set()


def test_every_role_holds_something_and_somebody_may_give_it():
    assert {role for roles in ALLOWED.values() for role in roles} | {Role.EXPERT} == set(Role)
    assert set().union(*MAY_GIVE.values()) == set(Role)


def asked_by_acts():
    """Capabilities that an act asks for before it changes anything."""
    asked = re.compile(r'\brequire(?:_over)?\([^()]*?"([a-z_]+\.[a-z_]+)"')
    return {
        found for place in own_python("*/actions*.py") for found in asked.findall(place.read_text())
    }


def test_a_key_that_only_looks_changes_nothing():
    """The scope “read” opens what is called “view” or “read”; no act is content with that, so none is open to such a key."""
    assert {"tasks.report", "tasks.verify", "people.close"} <= asked_by_acts()  # the eye sees
    assert asked_by_acts() & SCOPES["read"] == set()
    assert asked_by_acts() & SCOPES["report"] == {"tasks.report"}
    assert SCOPES["all"] == set(ALLOWED)
    assert set(SCOPES) == set(Scope.values)


# --- pages and API --------------------------------------------------------------------------------


def unit_owned(models):
    """Models above the ground that hang in the tree or have a page of their own."""
    return [
        model
        for model in models
        if model._meta.app_label in set(rooms()) - GROUND
        and (hasattr(model, "path") or hasattr(model, "get_absolute_url"))
    ]


def unscoped_models(models):
    return [
        model.__name__
        for model in unit_owned(models)
        if not isinstance(model._default_manager.all(), ScopedQuerySet)
        or model._default_manager.all().view not in ALLOWED
    ]


def test_what_hangs_in_the_tree_is_fetched_by_permission():
    assert "Task" in {model.__name__ for model in unit_owned(apps.get_models())}
    assert unscoped_models(apps.get_models()) == []


def test_the_guard_of_scopes_bites(monkeypatch):
    from django.db import models

    from tiendo.tasks.models import Task

    monkeypatch.setattr(Task._meta, "default_manager", models.Manager())
    Task._meta.default_manager.model = Task
    assert unscoped_models([Task]) == ["Task"]


def test_pages_and_api_write_nothing_themselves():
    nothing_wrong(in_each(page_files(), pages.written))


def test_no_word_of_a_stranger_becomes_a_field_of_a_question():
    nothing_wrong(
        f"{name(place)} {where}, {fault}"
        for place in [*page_files(), *PACKAGE.glob("*/forms.py")]
        for where, fault in pages.unnamed(place.read_text())
        if f"{name(place)}::{where}" not in pages.MAY_ASK_SO
    )


def test_pages_and_api_ask_who_looks():
    scoped = {model.__name__ for model in unit_owned(apps.get_models())}
    nothing_wrong(
        f"{name(place)} {where}, {fault}"
        for place in page_files()
        for where, fault in pages.unscoped(place.read_text(), scoped)
        if f"{name(place)}::{where}" not in pages.MAY_ASK_ALL
    )


def uncounted(place):
    return [
        f"{name(place)} {where}, {fault}"
        for where, fault in pages.counted(place.read_text())
        if f"{name(place)}::{where}" not in pages.MAY_COUNT
    ]


def test_no_page_makes_a_number():
    """A number is a figure: it has words, a rule and rows behind it, and only `figures` makes one."""
    nothing_wrong(fault for p in page_files() if "figures" not in p.parts for fault in uncounted(p))


@pytest.mark.parametrize(
    "line",
    [
        "task.save()",
        "task.delete()",
        "form.save()",
        "Task.objects.create(title='x')",
        "Task.objects.filter(pk=1).update(title='x')",
        "rows.filter(pk=1).update(title='x')",
        "Task.objects.get(pk=1)",
        "Task.objects.get_or_create(pk=1)",
    ],
)
def test_the_guard_of_pages_bites_on_writing(line):
    assert list(pages.written(f"def page(request):\n    {line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "get_object_or_404(Task.objects.visible_to(request.user), pk=1)",
        "Task.objects.visible_to(person).get(pk=1)",
        "context.update({'a': 1})",
        "request.GET.get('q')",
        "'a.b'.count('.')",
        "len(words)",
    ],
)
def test_the_guards_of_pages_let_pages_be_pages(line):
    source = f"def page(request):\n    {line}\n"
    assert [*pages.written(source), *pages.unscoped(source, {"Task"})] == []
    assert list(pages.counted(source)) == []


@pytest.mark.parametrize(
    "line",
    [
        "rows.filter(**request.GET.dict())",
        "rows.filter(**wanted)",
        "rows.order_by(request.GET['sort'])",
        "rows.order_by(*asked)",
        "rows.values(*asked)",
        "rows.annotate(**asked)",
        "get_object_or_404(rows, **asked)",
        "rows.extra(where=[asked])",
        "cursor.execute(asked)",
    ],
)
def test_the_guard_of_questions_bites(line):
    good = "rows.filter(pk=1).order_by('-at', 'pk').values('pk')"
    assert list(pages.unnamed(f"def page(request):\n    {good}\n")) == []
    assert list(pages.unnamed(f"def page(request):\n    {line}\n"))


@pytest.mark.parametrize(
    "line", ["Task.objects.filter(pk=1)", "get_object_or_404(Task, pk=1)", "Task.objects.all()[0]"]
)
def test_the_guard_of_pages_bites_on_looking_around_permission(line):
    assert list(pages.unscoped(f"def page(request):\n    rows = {line}\n", {"Task"}))


@pytest.mark.parametrize(
    "line",
    [
        "rows.count()",
        "rows.aggregate(n=x)",
        "len(Task.objects.visible_to(person))",
        "from django.db.models import Count",
    ],
)
def test_the_guard_of_numbers_bites(line):
    assert list(pages.counted(f"def page(request):\n    {line}\n"))


# --- templates ------------------------------------------------------------------------------------


def test_nothing_runs_or_is_dressed_inside_a_template():
    nothing_wrong(in_each(TEMPLATES, words.inline))


def test_every_word_of_a_template_can_be_translated():
    nothing_wrong(in_each(TEMPLATES, words.untranslated))


def test_crumbs_are_a_list():
    nothing_wrong(in_each(TEMPLATES, words.loose_crumbs))


@pytest.mark.parametrize("loose", ["<a href='/'>x</a>", "{% translate 'Tasks' %}", "<li>x</li> · "])
def test_the_guard_of_crumbs_bites(loose):
    assert list(words.loose_crumbs("{% block crumb %}" + loose + "{% endblock %}"))
    fine = "{% block crumb %}{% if x %}<li><a href='/'>{% translate 'Tasks' %}</a></li>{% endif %}{% endblock %}"
    assert list(words.loose_crumbs(fine)) == []


def test_no_template_makes_a_number():
    shown = in_each(TEMPLATES, words.lengths)
    nothing_wrong(f for f in shown if f.split()[0] not in words.MAY_SHOW_LENGTH)


@pytest.mark.parametrize(
    "snippet",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        '<b onclick="go()">',
        '<b hx-on:click="go()">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<script src="https://elsewhere.example/x.js"></script>',
        '<link rel="stylesheet" href="//elsewhere.example/x.css">',
    ],
)
def test_the_guard_of_inline_things_bites(snippet):
    assert list(words.inline(snippet))
    assert list(words.inline("{% figure 'x' on=day style=1 %}")) == []
    assert list(words.inline('<script src="{% static "tiendo.js" %}" defer></script>')) == []


@pytest.mark.parametrize(
    ("snippet", "word"),
    [
        ("<p>Hello</p>", "Hello"),
        ("{% translate 'Due' %} Trễ hạn", "Trễ"),
        ('<a title="Open it">', "Open"),
        ("{% if x %}nothing{% endif %}", "nothing"),
    ],
)
def test_the_guard_of_words_bites(snippet, word):
    assert any(word in fault for fault in words.untranslated(snippet))


def test_the_guard_of_words_lets_translated_words_pass():
    said = """{# a note #}<title>{% block title %}{% endblock %} · Tiendo</title>{% translate "Due" as due %}
    <a title="{{ due }}" class="t-link">{% blocktranslate %}Go <b>on</b>{% endblocktranslate %}&nbsp;→ <kbd>Esc</kbd></a>"""
    assert list(words.untranslated(said)) == []


def test_the_guard_of_lengths_bites():
    assert list(words.lengths("{{ rows|length }}"))
    assert list(words.lengths("{% if rows|length > 1 %}{% endif %}")) == []


# --- doors ----------------------------------------------------------------------------------------


def test_only_named_doors_are_public():
    nothing_wrong({door.name for door in doors.doors() if not door.is_guarded} - set(doors.PUBLIC))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_past_a_guarded_door(client, method):
    """Not only marked as guarded: nobody is sent to sign in, or told so, whatever the door."""
    inside = []
    for door in doors.doors():
        if not door.by_pattern and (door.name not in doors.PUBLIC or door.name.startswith("api:")):
            answer = getattr(client, method)(door.address)
            sent_away = answer.status_code == 302 and "/account/" in answer["Location"]
            if not sent_away and answer.status_code not in {401, 403, 405}:
                inside.append((door.name, answer.status_code))
    nothing_wrong(inside)


def test_the_guard_of_doors_bites():
    from django.contrib.auth.decorators import login_not_required
    from ninja.operation import PathView

    def page(request):
        """A page."""

    def an_api_view(*, auth):
        operation = type("Operation", (), {"auth_callbacks": auth})
        path = PathView()
        path.operations = [operation]
        return login_not_required(lambda request: path)

    assert doors.Door("api", "/api/", an_api_view(auth=["key"])).is_guarded
    assert not doors.Door("api", "/api/", an_api_view(auth=[])).is_guarded
    assert doors.Door("page", "/page/", page).is_guarded
    assert not doors.Door("page", "/page/", login_not_required(page)).is_guarded


def test_every_route_has_a_test():
    walked = set().union(*(doors.walked(place.read_text()) for place in test_files()))
    nothing_wrong({door.name for door in doors.doors() if door.is_ours} - walked)


def judged():
    return {(row.route, row.method) for row in rights.rows()}


def test_every_route_says_who_may():
    """Add a row to tests/matrix/ROOM.toml; tests/matrix/README.md shows how."""
    ours = [door for door in doors.doors() if door.is_ours and door.name not in doors.UNJUDGED]
    asked = {(door.name, method) for door in ours for method in doors.methods(door)}
    nothing_wrong(f"{name} {method}: no row of the table" for name, method in asked - judged())


def test_every_row_of_the_table_is_about_a_door_that_stands():
    asked = {(door.name, method) for door in doors.doors() for method in doors.methods(door)}
    nothing_wrong(f"{name} {method}: no such door" for name, method in judged() - asked)


def test_the_guard_of_methods_bites():
    found = {door.name: doors.methods(door) for door in doors.doors()}
    assert found["tasks:wording"] == {"GET", "POST"}
    assert found["api:wording"] == {"PATCH"}
    assert found["api:documents"] == {"GET"}
    assert found["api:registration"] == {"POST"}


def test_the_guard_of_routes_bites():
    assert doors.walked('reverse("tasks:task", args=[1])') == {"tasks:task"}
    assert doors.walked('client.get(f"/stocktake/?on={day}")') == {"web:stocktake"}
    assert doors.walked('client.get("/nowhere/")') == set()


def test_every_list_asks_as_often_for_one_row_as_for_twenty():
    may_list = {door.name for door in doors.doors() if door.may_list}
    nothing_wrong(may_list - set(doors.LISTS) - set(doors.LIST_NOTHING))
    nothing_wrong(
        f"{route}: {where}"
        for route, (file, _, test) in ((r, t.partition("::")) for r, t in doors.LISTS.items())
        for where in [f"{file}::{test}"]
        if not (PACKAGE / file).exists()
        or not doors.compares_queries((PACKAGE / file).read_text(), test)
    )


def test_the_guard_of_lists_bites():
    source = """
def test_one(client, django_assert_num_queries): ...
def test_two(client): assert questions(client) == 3
def test_three(client): assert client
def questions(client):
    with CaptureQueriesContext(connection) as asked: return len(asked)
"""
    counting = [
        doors.compares_queries(source, f"test_{n}") for n in ("one", "two", "three", "four")
    ]
    assert counting == [True, True, False, False]


COMING = {"access:people"}  # places whose rooms are being built


def test_every_entry_of_the_menu_leads_somewhere_and_has_a_key_of_its_own():
    from tiendo.web.menu import PLACES, address_of

    nothing_wrong({p.name for p in PLACES if not address_of(p.name)} - COMING)
    assert len({place.key for place in PLACES}) == len(PLACES)
    assert {capability for place in PLACES for capability in place.asks} <= set(ALLOWED)


# --- what git holds -------------------------------------------------------------------------------


def text_of(place):
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_machine_or_a_registry():
    faults = [f"{name(p)} {fault}" for p in tracked() for fault in papers.named_places(text_of(p))]
    nothing_wrong(faults)


def test_nothing_in_git_is_somebody_elses():
    faults = [
        f"{name(p)} {fault}" for p in tracked() for fault in papers.borrowed(p.name, text_of(p))
    ]
    nothing_wrong(faults)


@pytest.mark.parametrize(
    "place", sorted((ROOT / "req").glob("*.lock")), ids=lambda place: place.name
)
def test_a_lock_holds_hashes_and_no_host(place):
    assert list(papers.python_lock(place.read_text())) == []


def test_the_node_lock_holds_hashes_and_no_host():
    assert list(papers.node_lock((ROOT / "package-lock.json").read_text())) == []


HOST = "https://py" + "pi.org/simple"


@pytest.mark.parametrize(
    "text", ["cd /" + "work/main", "open('/" + "tmp/x')", "/" + "root/.cache", f"see {HOST}"]
)
def test_the_guard_of_places_bites(text):
    assert list(papers.named_places(text))


@pytest.mark.parametrize("text", ["web/tmp/x", "/my-work/", "the root/ of it", "network/main"])
def test_the_guard_of_places_lets_other_words_pass(text):
    assert list(papers.named_places(text)) == []


def test_the_guard_of_borrowed_things_bites():
    assert list(papers.borrowed("inter.woff2", ""))
    assert list(papers.borrowed("htmx.min.js", ""))
    assert list(papers.borrowed("htmx.js", "x" * 3000))
    assert list(papers.borrowed("app.js", "go();\n")) == []


def test_the_guards_of_locks_bite():
    good = "django==5.2 \\\n    --hash=sha256:aa\nbabel==2 \\\n    --hash=sha256:bb"
    assert list(papers.python_lock(good)) == []
    assert list(papers.python_lock(good.replace("    --hash=sha256:bb", "")))
    assert list(papers.python_lock(f"--index-url {HOST}\n{good}"))
    node = '{"packages": {"": {}, "node_modules/x": {"integrity": "sha512-aa"}}}'
    assert list(papers.node_lock(node)) == []
    assert list(papers.node_lock(node.replace("integrity", "version")))
    assert list(papers.node_lock(node.replace('"integrity"', f'"resolved": "{HOST}", "integrity"')))
