/** A <details class="t-pop"> closes on Escape, on a click elsewhere, and when the focus leaves it. */
const open = () => document.querySelectorAll("details.t-pop[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

// what a small screen folds away stands open on a wide one
const wide = window.matchMedia("(min-width: 62rem)");
const unfold = () => { for (const fold of document.querySelectorAll("details[data-open-wide]")) fold.open = wide.matches; };
wide.addEventListener("change", unfold);
unfold();
