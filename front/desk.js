/** Reading desk: while another proposal opens the columns keep their place, what is open comes into view inside its
    column (the page itself stays where it is), and a form that opens takes the keyboard. */
let places = [];
const columns = () => [...document.querySelectorAll(".t-desk:not(.t-desk--flow) > *")];
const scrolls = (column) => getComputedStyle(column).overflowY === "auto";

/** Scroll the column so that the element stands in what can be seen of it; a column that does not scroll is on a phone. */
function comeIntoView(element) {
  const column = columns().find((one) => one.contains(element));
  if (!column) return;
  if (!scrolls(column)) {
    if (element.matches(".t-prop--now")) element.scrollIntoView({ block: "start", behavior: "instant" });
    return;
  }
  const frame = column.getBoundingClientRect();
  const bar = column.querySelector(".t-issue")?.offsetHeight ?? 0;
  const top = Math.max(frame.top, 0) + bar, bottom = Math.min(frame.bottom, innerHeight);
  const { top: first, bottom: last } = element.getBoundingClientRect();
  if (first >= top && last <= bottom) return;
  column.scrollTop += first - top - Math.max(0, Math.min((bottom - top) / 4, bottom - top - (last - first)));
}

function showOpen() {
  document.querySelectorAll(".t-text .t-s.is-now, .t-prop--now").forEach(comeIntoView);
}

/** The wrong field of the open form, else its first; without a form the open proposal itself, so that Tab goes on from there. */
function takeKeyboard() {
  const open = document.querySelector(".t-prop--now");
  const fields = "input:not([type=hidden]), textarea, select";
  const field = open?.querySelector(`.t-form .is-wrong :is(${fields})`) ?? open?.querySelector(`.t-form :is(${fields})`);
  (field ?? open)?.focus({ preventScroll: true });
  if (field) comeIntoView(field);
}

document.addEventListener("htmx:beforeSwap", () => { places = columns().map((one) => one.scrollTop); });
document.addEventListener("htmx:afterSwap", () => {
  columns().forEach((one, number) => { one.scrollTop = places[number] ?? 0; });
  showOpen();
});
document.addEventListener("htmx:afterSettle", ({ target }) => { if (target.id === "desk") takeKeyboard(); });
const isAsked = () => new URLSearchParams(location.search).has("p") || document.querySelector(".t-prop--now .t-form");
if (columns().length && (scrolls(columns()[0]) || isAsked())) showOpen();

/* What others did meanwhile: asked for while the page is looked at. The desk itself is brought up to date unless something
   is being typed or cut here; then only the notice is shown, with its way to the desk as it stands. */
const LOOKS = 8000;                                                  // ms

const isChanged = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== (field.defaultValue ?? field.value));
const typing = () => [...document.querySelectorAll("#desk :is(.t-form, .t-prop--now) :is(input:not([type=hidden]), textarea)")].some((field) => field.closest(".t-form") || isChanged(field));

function openNow() {
  const open = document.querySelector("#desk .t-prop--now")?.id ?? "";
  return `${document.getElementById("news").dataset.desk}?p=${open.slice(1)}`;
}

function bringUpToDate() {
  window.htmx.ajax("GET", openNow(), { source: "#news", target: "#desk", select: "#desk", swap: "outerHTML show:none" });
}

/* What a person asks for goes before what is brought up to date by itself: a key pressed meanwhile is not lost. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const byItself = detail.requestConfig.elt.id === "news" && detail.target.id === "desk";
  if (byItself && (document.querySelector("#desk .htmx-request") || typing())) detail.shouldSwap = false;
});

setInterval(() => {
  if (navigator.onLine && document.visibilityState === "visible" && document.getElementById("news")) window.htmx?.trigger("#news", "look");
}, LOOKS);
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "news" && target.querySelector("[data-refresh]") && !typing()) bringUpToDate();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-refresh]")) return;
  event.preventDefault();
  bringUpToDate();
});

/** The words selected in the text, without the numbers of sentences and the letters of the open proposal. */
function selected() {
  const selection = getSelection();
  const text = document.querySelector(".t-text");
  if (!selection.rangeCount || selection.isCollapsed || !text?.contains(selection.anchorNode)) return "";
  const words = selection.getRangeAt(0).cloneContents();
  words.querySelectorAll("sup, p > span:first-child:not(:only-child)").forEach((one) => one.remove());
  return words.textContent.trim();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-with-selection]");
  const words = link && selected();
  if (!words) return;
  event.preventDefault();
  event.stopPropagation();
  window.htmx.ajax("GET", `${link.href}&words=${encodeURIComponent(words)}`, { target: "#desk", select: "#desk", swap: "outerHTML show:none" });
}, true);
