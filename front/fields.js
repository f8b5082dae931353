/** Small helps with forms: filling in a demo account, not sending twice, the names of chosen files, fields that ask again. */
document.addEventListener("click", (event) => {
  const account = event.target.closest("[data-sign-in-as]");
  if (!account) return;
  const form = document.querySelector("form[data-sign-in]");
  form.querySelector("[name=login]").value = account.dataset.signInAs;
  form.querySelector("[name=password]").value = account.dataset.password;
  form.querySelector("[type=submit]").focus();
  form.scrollIntoView({ block: "center", behavior: "smooth" });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 1500);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-send-on-change]")) field.form.requestSubmit();
  if (!field.matches("input[type=file][data-names]")) return;
  const names = document.getElementById(field.dataset.names);
  if (names) names.textContent = [...field.files].map((file) => file.name).join(", ");
});

window.addEventListener("pageshow", () => {                          // back from the next page: the form may be sent again
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
