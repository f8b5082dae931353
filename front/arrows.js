/** In a list that is searched (data-arrows) the arrows lead from the field through what was found, and back; Escape closes it. */
const STOPS = "input[type=search], a[href]";

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-arrows]");
  if (!list || !event.target.matches(STOPS)) return;
  if (event.key === "Escape") return close(list);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [...list.querySelectorAll(STOPS)].filter((one) => one.checkVisibility());
  const next = stops[stops.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}, true);

function close(list) {
  list.querySelector(".t-hits")?.replaceChildren();
  list.querySelector("input[type=search]").focus();
}
