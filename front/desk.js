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
    if (element.matches(".t-prop--now")) element.scrollIntoView({ block: "nearest" });
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
if (columns().length && (scrolls(columns()[0]) || new URLSearchParams(location.search).has("p"))) showOpen();
