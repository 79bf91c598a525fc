// Ties allauth's passkey functions to the button that carries data-passkey, and says in words what went wrong.
(() => {
  "use strict";
  const button = document.querySelector("[data-passkey]");
  if (!button || !window.webauthnJSON.supported()) return;
  button.hidden = false;

  const { passkey, credential, options, passwordless } = button.dataset;
  const ids = { credential, data: options, passwordless };
  ids[passkey] = button.id; // allauth names the button's id after what it does: login, add, authenticate
  const tie = { login: "loginForm", add: "addForm", authenticate: "authenticateForm" }[passkey];
  window.allauth.webauthn.forms[tie]({ ids });

  const words = [...document.querySelectorAll("[data-passkey-says]")];
  button.addEventListener("click", () => words.forEach((one) => { one.hidden = true; }));
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const name = event.detail.exception.name;
    const said = words.find((one) => one.dataset.passkeySays === name) ?? words.at(-1);
    if (said) said.hidden = false;
  });
})();
