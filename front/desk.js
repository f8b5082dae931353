/** Reading desk: both columns keep their place while another proposal opens, and what is open comes into view. */
let places = [];
const columns = () => [...document.querySelectorAll(".t-desk > *")];

function comeIntoView() {
  for (const one of document.querySelectorAll(".t-desk .t-s.is-now, .t-desk .t-prop--now")) one.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:beforeSwap", () => { places = columns().map((one) => one.scrollTop); });
document.addEventListener("htmx:afterSwap", () => {
  columns().forEach((one, number) => { one.scrollTop = places[number] ?? 0; });
  comeIntoView();
});
if (new URLSearchParams(location.search).has("p")) comeIntoView();
