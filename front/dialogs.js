/** data-dialog="id" opens that <dialog>, data-close closes the one around it; data-print prints the page. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
  if (event.target.closest("[data-print]")) {
    event.preventDefault();
    window.print();
  }
  if (event.target.matches("dialog[open]")) event.target.close();        // the ground behind it
});
