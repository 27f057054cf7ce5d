// The search dialog: a combobox with a list of links (WAI-ARIA Authoring Practices, "Combobox").
"use strict";

{
  const dialog = document.getElementById("theme--search");
  const opener = document.getElementById("theme--search-open");
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  const said = dialog.dataset;
  const PAUSE = 120;  // milliseconds without a key, until a search begins
  let index, timer, answered = "", asked = 0, chosen = -1;

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    if (!input.value) status.textContent = said.keys;
    ready();
  }

  /** The index, fetched when it is first wanted. */
  function ready() {
    index ??= import(new URL(said.script, location.href)).then(
      ({ Index }) => new Index(new URL(said.index, location.href).href));
    index.catch(() => { index = undefined; });
    return index;
  }

  async function search() {
    clearTimeout(timer);
    const number = ++asked;
    const text = answered = input.value.trim();
    if (!text) return show([], said.keys);
    try {
      const { total, results } = await (await ready()).find(text);
      if (number === asked)
        show(results, total ? said.found.replace("{count}", total) : said.none);
    } catch {
      if (number === asked) show([], said.failed);
    }
  }

  function show(results, message) {
    list.replaceChildren(...results.map(option));
    status.textContent = message;
    input.setAttribute("aria-expanded", String(results.length > 0));
    choose(results.length ? 0 : -1);
  }

  function option({ url, title, text, section }, number) {
    const link = document.createElement("a");
    link.href = url;
    link.id = `theme--result-${number}`;
    link.setAttribute("role", "option");
    link.tabIndex = -1;
    for (const [name, words] of [["small", section], ["strong", title], ["span", text]]) {
      if (!words) continue;
      const part = document.createElement(name);
      part.append(...marked(words));
      link.append(part);
    }
    link.addEventListener("click", () => dialog.close());
    return link;
  }

  /** A text with what was typed marked in it, as far as it stands there letter by letter. */
  function marked(text) {
    const typed = input.value.trim().split(/\s+/).filter((word) => word.length > 1)
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    if (!typed.length) return [text];
    return text.split(new RegExp(`(${typed.join("|")})`, "iu")).map((part, place) => {
      if (place % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  }

  function choose(place) {
    chosen = place;
    for (const [number, link] of [...list.children].entries())
      link.setAttribute("aria-selected", String(number === place));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }

  async function move(event) {
    const count = list.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!(step || event.key === "Enter") || event.isComposing) return;
    event.preventDefault();
    if (step && count) choose((chosen + step + count) % count);
    if (step) return;
    if (input.value.trim() !== answered) await search();  // quicker than the pause
    list.children[chosen]?.click();
  }

  function isTyping({ target }) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  opener.hidden = false;
  opener.addEventListener("click", open);
  input.addEventListener("keydown", move);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();  // beside it
  });
  document.addEventListener("keydown", (event) => {
    const isSlash = event.key === "/" && !isTyping(event);
    const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!(isSlash && !event.ctrlKey && !event.metaKey && !event.altKey) && !isK) return;
    event.preventDefault();
    open();
  });
}
