/** Light, dark, or as the system says. The cookie lets the server write the choice into the page, so nothing flashes. */
const YEAR = 31536000;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  const choice = button.dataset.themeChoice;
  document.cookie = `theme=${choice};path=/;max-age=${choice === "system" ? 0 : YEAR};samesite=lax`;
  if (choice === "system") document.documentElement.removeAttribute("data-bs-theme");
  else document.documentElement.setAttribute("data-bs-theme", choice);
  mark();
});

function mark() {
  const chosen = document.documentElement.getAttribute("data-bs-theme") || "system";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

mark();
