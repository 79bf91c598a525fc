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
    } else {
      const own = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`); // a page's own keys
      if (own) {
        event.preventDefault();
        own.click();
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

  // A board: a card is dragged to another stage, or moved with Shift and an arrow. A stage that is reached by a deed of
  // its own opens the card's page, where that deed is.
  function moveTo(card, column) {
    if (!column || column.contains(card)) return;
    const token = document.querySelector("#mover input[name=csrfmiddlewaretoken]");
    if (column.dataset.deed !== undefined || !token || !window.htmx) {
      window.location = card.querySelector("a").href;
      return;
    }
    const values = { to: column.dataset.step, board: "yes", csrfmiddlewaretoken: token.value };
    const moved = window.htmx.ajax("POST", `${card.querySelector("a").href}move/`, { target: "#board", swap: "outerHTML", values });
    moved?.then?.(() => document.querySelector(`[data-card="${CSS.escape(card.dataset.card)}"] a`)?.focus());
  }
  for (const kind of ["dragstart", "dragend", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const card = event.target.closest?.("[data-card]");
      const column = event.target.closest?.("[data-step]");
      if (kind === "dragstart" && card) event.dataTransfer.setData("text/x-card", card.dataset.card);
      if (kind === "dragstart" || kind === "dragend") card?.classList.toggle("is-moving", kind === "dragstart");
      if (!column || !event.dataTransfer.types.includes("text/x-card")) return;
      if (kind !== "dragstart" && kind !== "dragend") event.preventDefault();
      column.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") moveTo(document.querySelector(`[data-card="${CSS.escape(event.dataTransfer.getData("text/x-card"))}"]`), column);
    });
  }
  document.addEventListener("keydown", (event) => {
    const card = event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight") && event.target.closest?.("[data-card]");
    if (!card) return;
    event.preventDefault();
    const columns = [...document.querySelectorAll("[data-step]")];
    moveTo(card, columns[columns.indexOf(card.closest("[data-step]")) + (event.key === "ArrowRight" ? 1 : -1)]);
  });

  // A form that is on its way is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000); // a download leaves the page where it is
  });
  // “@” and some letters in a note offer colleagues; arrows choose, Enter or Tab takes, Escape closes.
  const asked = (area) => area.value.slice(0, area.selectionStart).match(/(?:^|[^\w.@-])@([^@\n]{0,40})$/);
  const listOf = (area) => document.getElementById(area.getAttribute("aria-controls") || "");
  function closeList(area) {
    listOf(area)?.remove();
    for (const name of ["aria-controls", "aria-activedescendant"]) area.removeAttribute(name);
  }
  function mark(area, list, index) {
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    area.setAttribute("aria-activedescendant", list.children[index].id);
  }
  function take(area, name) {
    const start = area.selectionStart - asked(area)[1].length;
    area.setRangeText(`${name} `, start, area.selectionStart, "end");
    closeList(area);
    area.focus();
  }
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.dataset?.mentions) return;
    closeList(area);
    const found = asked(area);
    if (!found) return;
    const options = [...(document.getElementById(area.dataset.mentions)?.options || [])].map((one) => one.value);
    const names = options.filter((one) => one.toLowerCase().includes(found[1].toLowerCase())).slice(0, 6);
    if (!names.length) return;
    const list = Object.assign(document.createElement("ul"), { id: `${area.id}-names`, className: "ff-suggest", role: "listbox" });
    list.setAttribute("aria-label", "Colleagues");
    names.forEach((name, at) => {
      const item = Object.assign(document.createElement("li"), { id: `${list.id}-${at}`, role: "option", textContent: name });
      item.addEventListener("mousedown", (down) => { down.preventDefault(); take(area, name); });
      list.append(item);
    });
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    mark(area, list, 0);
  });
  document.addEventListener("keydown", (event) => {
    const list = event.target.dataset?.mentions && listOf(event.target);
    if (!list) return;
    const items = [...list.children];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.target, list, (at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
    else if (event.key === "Enter" || event.key === "Tab") take(event.target, items[at].textContent);
    else if (event.key === "Escape") closeList(event.target);
    else return;
    event.preventDefault();
  });
  document.addEventListener("focusout", (event) => event.target.dataset?.mentions && closeList(event.target));
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
