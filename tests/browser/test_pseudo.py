"""In a language of no country every word a page says of itself stands in brackets; longer words still fit a phone."""

import re
import shutil
import sqlite3
import unicodedata

import pseudo
import pytest
from babel.dates import get_day_names, get_month_names
from browser.conftest import Door, free_port, served

pytestmark = pytest.mark.browser

# Everything a page says, in the order of the page; runs of one block of text end with a line.
SAID = """() => {
  const BLOCKS = "option, br, button, title, dt, dd, td, th, li, small";
  const said = [document.title + "\\n"];
  const blocks = new Set(["block", "list-item", "table-cell", "flex", "grid", "table-row", "table-caption"]);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node.nodeType === 3) return NodeFilter.FILTER_ACCEPT;
    const skip = node.matches("script, noscript, style, svg:not([aria-label]), kbd, code, [aria-hidden=true], [lang], textarea");
    return skip ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  });
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.nodeType === 3) { said.push(node.nodeValue.replace(/\\s+/g, " ")); continue; }
    if (blocks.has(getComputedStyle(node).display) || node.matches(BLOCKS)) said.push("\\n");
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-words"]) {
      if (node.getAttribute(name)) said.push("\\n" + node.getAttribute(name) + "\\n");
    }
  }
  return said.join("");
}"""
BREAKS = (
    r"[·\n→|]",
    r"[,;:()“”„«»›/–—÷=+]|\.\s|\s-\s",
)  # between names, then inside of lists of names
# Of no language: our own name, those of browsers, and what machines say.
OWN_NAMES = {
    "tiendo",
    "sha",
    "id",
    "https",
    "chrome",
    "linux",
    "get",
    "post",
    "patch",
    "put",
    "delete",
}
EDGES = " ·,.;:()"
LONG = 12  # letters from which a piece of a stored text is known by itself


@pytest.fixture(scope="module")
def elsewhere(house, tmp_path_factory):
    """The same house in the language of no country."""
    var = tmp_path_factory.mktemp("elsewhere") / "var"
    shutil.copytree(house.var, var)
    pseudo.write(var / "locale")
    with served(var, free_port()) as found:
        yield found


@pytest.fixture(scope="module")
def stored(house):
    """What people wrote: every text of the database, and all of it in one."""
    values = set()
    with sqlite3.connect(house.var / "tiendo.sqlite3") as base:
        tables = [
            name
            for (name,) in base.execute(
                "select name from sqlite_master where type = 'table' and name not like 'django_%'"
            )
        ]
        for table in tables:
            rows = base.execute(f'select * from "{table}"')
            values |= {plain(one) for row in rows for one in row if isinstance(one, str)}
    return values, "\n".join(value for value in values if len(value) >= LONG)


def plain(text):
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def test_no_page_says_a_word_that_nobody_can_translate(browser, elsewhere, tour, stored):
    door, wrong, wide = Door(browser, elsewhere), [], []
    for account in dict.fromkeys(page.account for page in tour.pages):
        visitor = door.let_in(account, width=360)
        visitor.context.add_cookies(
            [{"name": "django_language", "value": pseudo.INSTEAD_OF, "url": elsewhere.url}]
        )
        for page in [page for page in tour.pages if page.account == account]:
            visitor.page.goto(page.address)
            wrong += [
                f"{page.address} ({page.kind}): {word}" for word in strange(visitor.page, stored)
            ]
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            wide += [f"{page.address} ({page.kind}): {width} px"] if width > 360 else []
        visitor.close()
    assert not wrong, "\n" + "\n".join(wrong)
    assert not wide, "\n" + "\n".join(wide)


def strange(page, stored):
    said = page.evaluate(SAID)
    assert pseudo.OPENS in said, page.url
    return [run for run in outside(said) if not is_known(run, stored)]


def outside(said):
    """What stands outside the brackets, block by block (brackets may stand in brackets)."""
    for block in said.split("\n"):
        depth, words = 0, []
        for letter in block:
            depth += (letter == pseudo.OPENS) - (letter == pseudo.CLOSES)
            words.append(
                letter if depth <= 0 and letter != pseudo.CLOSES else "\n" if depth == 1 else ""
            )
        yield from (word.strip() for word in "".join(words).split("\n") if has_words(word))


def has_words(text):
    return re.search(r"[^\W\d_]{2,}", text) is not None


def is_known(run, stored, breaks=BREAKS):
    """A day, a name of ours, or what somebody stored: whole, one after the other, or piece by piece."""
    said = plain(WHEN.sub(" · ", run)).strip(EDGES)
    if not has_words(said) or is_covered(said.split(), stored):
        return True
    pieces = re.split(breaks[0], said) if breaks else [said]
    return bool(breaks) and all(is_known(piece, stored, breaks[1:]) for piece in pieces)


def is_covered(words, stored):
    """Whether the words are stored texts standing one after the other: a symbol, then a title."""
    values, all_of_it = stored
    while words:
        for size in range(len(words), 0, -1):
            said = " ".join(words[:size]).strip(EDGES)
            known = said in values | OWN_NAMES or (len(said) >= LONG and said in all_of_it)
            if known or not has_words(said):
                break
        else:
            return False
        words = words[size:]
    return True


def words_of_days():
    for width in ("wide", "abbreviated"):
        yield from get_month_names(width, locale=pseudo.INSTEAD_OF).values()
        yield from get_day_names(width, locale=pseudo.INSTEAD_OF).values()


MONTHS = "|".join(sorted(map(re.escape, words_of_days()), key=len, reverse=True))
WHEN = re.compile(rf"(?:\b\d{{1,2}}\s)?\b(?:{MONTHS})(?!\w)(?:\s\d{{4}})?(?:\s\d\d:\d\d)?")


def test_the_language_of_no_country_keeps_what_is_filled_in():
    assert pseudo.pseudo("%(n)s <b>tasks</b>") == "⟦%(n)s <b>táškš</b> ěxtra⟧"
    assert pseudo.bracketed(("%(n)s day", "%(n)s days"), 3)[2] == "⟦%(n)s dáýš ěxtr⟧"


def test_the_ear_for_strange_words_hears():
    stored = ({plain("Sở Y tế")}, plain("A long text that somebody once stored here"))
    page = "⟦Téxt ⟦íññér⟧⟧ Tasks 12\nSở Y tế · text that somebody\n28 oct. 2025"

    assert list(outside(page)) == ["Tasks 12", "Sở Y tế · text that somebody", "28 oct. 2025"]
    assert [run for run in outside(page) if not is_known(run, stored)] == ["Tasks 12"]
