/** One-letter keys; g and a letter go to a room (data-go). A page marks what a key does with data-key="a" (several: "j ArrowDown"); here it is clicked or focused.
    Never while typing, never with a modifier, and a person can turn them off (WCAG 2.1.4). `?` lists them. */
const OFF = "tiendo.keys-off";
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";

const PATIENCE = 1500;                                              // ms between g and the letter
let asked = -PATIENCE;

const off = () => localStorage.getItem(OFF) === "1";
const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled;
const keysOf = (element) => element.dataset.key.split(" ");
const same = (wanted, pressed) => wanted.toLowerCase() === pressed.toLowerCase();

/** The visible element of a key; the one inside what is being worked on (aria-current) goes first. */
function target(key) {
  const marked = [...document.querySelectorAll("[data-key]")].filter((one) => keysOf(one).some((wanted) => same(wanted, key)) && seen(one));
  return marked.find((one) => one.closest("[aria-current=true]")) ?? marked[0];
}

function press(element) {
  if (element.matches(TYPING)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key.length > 1 && !event.key.startsWith("Arrow")) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") return help(event);
  const element = off() ? undefined : going() ? room(event.key) : target(event.key);
  asked = !off() && !going() && event.key.toLowerCase() === "g" && room() ? event.timeStamp : -PATIENCE;
  if (!element) return;
  event.preventDefault();
  press(element);

  function going() { return event.timeStamp - asked < PATIENCE; }
});

/** The link of a room; of any room when no letter is given. It stands in the page even where the bar is folded away. */
function room(key) {
  return [...document.querySelectorAll("[data-go]")].find((link) => key === undefined || same(link.dataset.go, key));
}

function help(event) {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  event?.preventDefault();
  const list = dialog.querySelector("[data-keys-of-page]");
  list.replaceChildren(...[...new Map(rows()).values()]);

  const rooms = [...document.querySelectorAll("[data-go]")];
  dialog.querySelector("[data-keys-of-rooms]")?.replaceChildren(...rooms.map((link) => row(["g", link.dataset.go], words(link))));
  dialog.querySelector("[data-keys-switch]").checked = !off();
  dialog.showModal();
}

function* rows() {
  for (const element of document.querySelectorAll("[data-key]")) {
    if (seen(element)) yield [element.dataset.key, row(keysOf(element), words(element))];
  }
}

function words(element) {
  if (element.dataset.keyWords) return element.dataset.keyWords;
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg").forEach((part) => part.remove());
  return copy.textContent.trim();
}

function row(keys, what) {
  const line = document.createElement("div");
  const names = document.createElement("dt");
  const meaning = document.createElement("dd");
  names.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: NAMES[key] ?? key.toUpperCase() })));
  meaning.textContent = what;
  line.append(names, meaning);
  return line;
}

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Enter: "Enter" };

document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-help]")) help(); });
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) localStorage.setItem(OFF, event.target.checked ? "0" : "1");
});
