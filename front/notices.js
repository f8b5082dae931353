/** Answers that are not the page asked for: refusals, a lost connection. They are said aloud in #notices. */
const place = () => document.getElementById("notices");

export function say(sentence) {
  const pattern = document.getElementById("notice-pattern");
  if (!pattern || !place()) return;
  const notice = pattern.content.cloneNode(true);
  notice.querySelector("[data-words]").textContent = sentence;
  place().replaceChildren(notice);
  place().scrollIntoView({ block: "nearest" });
}

const offline = () => say(place().dataset.offline);

// without a line nobody leaves the page: what is typed stays, and the browser's own page of failure never takes its place
window.addEventListener("offline", offline);
window.addEventListener("online", () => { if (place()?.textContent.includes(place().dataset.offline)) place().replaceChildren(); });
for (const [act, leaves] of [["submit", "form"], ["click", "a[href]:not([href^='#'])"]]) {
  document.addEventListener(act, (event) => {
    if (navigator.onLine || !event.target.closest(leaves)) return;
    event.preventDefault();
    event.stopPropagation();
    offline();
  }, true);
}

document.body.addEventListener("htmx:sendError", offline);
document.body.addEventListener("htmx:timeout", offline);
document.body.addEventListener("htmx:responseError", ({ detail }) => (
  say([403, 404].includes(detail.xhr.status) ? place().dataset.gone : place().dataset.broken)
));

// the token of now, not of when the page was opened: somebody may have signed in again in another tab
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
  if (token) detail.headers["X-CSRFToken"] = token[1];
});

// a refusal answers with its sentence alone: it is shown above, and the page with what was typed stays as it is
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  if (xhr.status < 400 && place() && new URL(xhr.responseURL, location).pathname === place().dataset.signIn) {
    event.detail.shouldSwap = false;
    say(place().dataset.signedOut);
  }
  if (xhr.status < 400 || !serverResponse.trimStart().startsWith('<div class="t-notice') || !place()) return;
  event.detail.isError = false;
  event.detail.shouldSwap = true;
  event.detail.target = place();
  event.detail.swapOverride = "innerHTML";
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === place()) place().scrollIntoView({ block: "nearest" });
});

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".t-notice")?.remove();
});
