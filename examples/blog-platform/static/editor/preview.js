// The text as its page shows it, made by the API, beside the text or below it.

import { element } from "./element.js";

const PAUSE_MILLISECONDS = 500;

export function addPreview(form, api) {
  const area = form.elements.text;
  const pane = element("section", { className: "preview", hidden: true, tabIndex: 0, "aria-label": "Preview" });
  const listeners = [];
  let timer, request, shown;
  form.querySelector(".panes").append(pane);

  async function show() {
    const text = area.value;
    if (pane.hidden || text === shown) return;
    request?.abort();
    const own = request = new AbortController();
    pane.setAttribute("aria-busy", "true");
    const { status, value } = await api.send("POST", "/api/preview", { text }, { signal: own.signal });
    if (own !== request) return;  // there is a later one
    pane.removeAttribute("aria-busy");
    if (status === 200) {
      shown = text;
      pane.innerHTML = value.html;  // of the API, which lets no script and no style through
      follow();
    } else if (status === 422) {
      pane.textContent = value.fields?.text ?? value.error;
    } else {
      later(5_000);  // the last preview stays
    }
  }

  function later(milliseconds = PAUSE_MILLISECONDS) {
    clearTimeout(timer);
    timer = setTimeout(show, milliseconds);
  }

  // The same part of both is visible.
  function follow() {
    const part = area.scrollTop / Math.max(1, area.scrollHeight - area.clientHeight);
    pane.scrollTop = part * (pane.scrollHeight - pane.clientHeight);
  }

  area.addEventListener("input", () => later());
  area.addEventListener("scroll", follow, { passive: true });
  return {
    get isShown() {
      return !pane.hidden;
    },
    onToggle(listener) {
      listeners.push(listener);
    },
    toggle() {
      pane.hidden = !pane.hidden;
      for (const listener of listeners) listener(!pane.hidden);
      show();
    },
  };
}
