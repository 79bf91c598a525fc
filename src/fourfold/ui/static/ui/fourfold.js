// Keyboard shortcuts and two small comforts. Every page works without this file.
(() => {
  "use strict";
  const GO_MS = 1200; // how long “g” waits for its second key
  let goAt = 0;

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  function go(key) {
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (goAt && event.timeStamp - goAt < GO_MS) {
      goAt = 0;
      if (go(event.key)) event.preventDefault();
      return;
    }
    goAt = 0;
    if (event.key === "g") {
      goAt = event.timeStamp;
    } else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "?") {
      const shortcuts = document.getElementById("shortcuts");
      if (shortcuts) {
        event.preventDefault();
        shortcuts.togglePopover();
      }
    }
  });

  // A toast or alert with a close button goes away when asked, never by itself.
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close) close.closest("[data-closable]")?.remove();
  });

  // A partial update that failed says so, once, and leaves the page as it was.
  function say(id) {
    const words = document.getElementById(id);
    const toasts = document.getElementById("messages");
    if (!words || !toasts || toasts.querySelector(`[data-said="${id}"]`)) return;
    const toast = words.content.firstElementChild.cloneNode(true);
    toast.dataset.said = id;
    toasts.append(toast);
  }
  document.addEventListener("htmx:error", () => say("unreachable"));
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.raw.status;
    if (status === 403 || status === 404 || status >= 500) say("refused"); // others bring their own words, such as a form's 422
  });

  // Dropping a file on the box is the same as choosing it.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest?.("[data-drop]");
      if (!box) return;
      event.preventDefault();
      box.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") box.querySelector("input[type=file]").files = event.dataTransfer.files;
    });
  }

  // A form that is on its way is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000); // a download leaves the page where it is
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
