"""Every page of the house: readable by everybody, in light and dark, on a phone, silent, still and light."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.walk import ADDRESSES, NOT_WALKED, to_walk

pytestmark = pytest.mark.browser

AT_MOST = 200_000  # bytes over the wire for a first visit
STILL = 0.01  # layout shift below which nobody sees a thing move
SHIFTS = """() => new Promise(tell => {
  let sum = 0;
  const count = list => list.getEntries().forEach(one => { if (!one.hadRecentInput) sum += one.value; });
  const watch = new PerformanceObserver(count);
  watch.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => { count({ getEntries: () => watch.takeRecords() }); tell(sum); }, 30));
})"""


def test_every_page_of_the_house_is_walked(tour):
    missing = tour.missing()
    assert not missing, "\n".join(
        f"{kind}: no link leads there for the people of the walk and no number opens it; "
        "give it a link, an address in ADDRESSES or a reason in NOT_WALKED (tests/browser/walk.py)"
        for kind in missing
    )
    assert len(tour.pages) > 30


def test_what_the_walk_leaves_out_is_still_there(tour):
    from house import doors

    named = {door.name for door in doors.doors()}
    assert (set(ADDRESSES) | set(NOT_WALKED)) - named == set()
    assert tour.kinds & to_walk() == tour.kinds


@pytest.fixture(scope="module")
def looked_at(door, tour):
    """Every page looked at once, wide and light, then on a phone in the dark: what was wrong, by kind of fault."""
    wrong = {"axe": [], "console": [], "sideways": [], "still": [], "crumbs": []}
    for account in dict.fromkeys(page.account for page in tour.pages):
        visitor = door.let_in(account)
        visitor.page.emulate_media(reduced_motion="reduce")
        for page in [page for page in tour.pages if page.account == account]:
            for kind, fault in faults_of(visitor, page):
                wrong[kind].append(f"{account or 'nobody'} {page.address} ({page.kind}): {fault}")
        visitor.close()
    return wrong


def faults_of(visitor, page):
    look = visitor.page
    look.set_viewport_size({"width": 1440, "height": 900})
    look.goto(page.address)
    shift = look.evaluate(SHIFTS)
    if shift >= STILL:
        yield "still", f"moves by {shift:.3f} while it loads"
    if page.account and look.locator("nav.t-crumbs li, .t-door").count() == 0:
        yield "crumbs", "says not where it stands"
    yield from (("axe", f"light, wide: {fault}") for fault in seen_by_axe(look))
    look.set_viewport_size({"width": 360, "height": 800})
    look.evaluate("document.querySelector('[data-theme-choice=dark]').click()")
    width = look.evaluate("document.documentElement.scrollWidth")
    if width > 360:
        yield "sideways", f"{width} px wide on a phone of 360"
    yield from (("axe", f"dark, phone: {fault}") for fault in seen_by_axe(look))
    look.evaluate("document.querySelector('[data-theme-choice=light]').click()")
    yield from (("console", fault) for fault in visitor.faults)
    visitor.faults.clear()


def seen_by_axe(page):
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("axe", id="axe finds nothing"),
        pytest.param("console", id="the console is silent and nothing is asked elsewhere"),
        pytest.param("sideways", id="nothing scrolls sideways on a phone"),
        pytest.param("still", id="nothing moves while it loads"),
        pytest.param("crumbs", id="it says where it stands"),
    ],
)
def test_on_every_page(looked_at, kind):
    assert not looked_at[kind], "\n" + "\n".join(looked_at[kind])


FIRST_PAGES = [
    ("", "/account/login/"),
    ("office", "/stocktake/"),
    ("office", "tasks:task"),
    ("office", "orgs:unit"),
]


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(("account", "place"), FIRST_PAGES)
def test_a_first_page_is_light(visit, tour, account, place, language):
    visitor = visit(account)
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    sizes = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    visitor.context.add_cookies(
        [{"name": "django_language", "value": language, "url": visitor.house.url}]
    )
    address = next((page.address for page in tour.pages if page.kind == place), place)

    visitor.page.goto(address, wait_until="networkidle")

    assert len(sizes) > 1
    assert sum(sizes) < AT_MOST


def test_the_eye_for_faults_sees(visit):
    """The guard bites: an unreadable page that jumps, with a fault in its script, does not pass."""
    visitor = visit()
    visitor.page.goto("/account/login/")
    visitor.page.evaluate(
        "document.body.innerHTML = '<img src=/nowhere.png><p>wide</p>';"
        "document.querySelector('p').style.minWidth = '2000px'; console.error('broken')"
    )

    assert any("image-alt" in fault for fault in seen_by_axe(visitor.page))
    assert any("broken" in fault for fault in visitor.faults)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") > 1440
    visitor.page.goto("/account/login/")
    visitor.page.evaluate("setTimeout(() => document.body.style.paddingTop = '20rem', 20)")
    visitor.page.wait_for_timeout(200)
    assert visitor.page.evaluate(SHIFTS) > STILL
