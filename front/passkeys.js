/** Passkeys: binds the sign-in library's script to a form with data-passkey (add, authenticate, login); a failure is said in words. */
import { say } from "./notices.js";

const FORMS = { add: "addForm", authenticate: "authenticateForm", login: "loginForm" };
const form = document.querySelector("form[data-passkey]");

document.addEventListener("DOMContentLoaded", () => {             // by then the library's own script has run
  const kind = form?.dataset.passkey;
  const bind = window.allauth?.webauthn?.forms[FORMS[kind]];
  if (!bind) return;
  if (!window.PublicKeyCredential) {
    form.querySelector("#passkey-button").disabled = true;
    return;
  }
  const ids = { [kind]: "passkey-button", credential: form.querySelector("[name=credential]").id };
  const alone = form.querySelector("[name=passwordless]");
  if (alone) ids.passwordless = alone.id;
  if (document.getElementById("passkey-data")) ids.data = "passkey-data";
  bind({ ids });
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(form.dataset.passkeyFailed);
});
