// Buttons and keys that write Markdown around what is selected. Undo takes each back.

import { button, element } from "./element.js";

// Writes at the place of the selection, as if it was typed: `execCommand` is what undo knows.
export function insert(area, text, start = text.length, end = start) {
  const from = area.selectionStart;
  area.focus();
  const isDone = text
    ? document.execCommand("insertText", false, text)
    : area.selectionStart === area.selectionEnd || document.execCommand("delete");
  if (!isDone) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(from + start, from + end);
}

// Writes instead of a part of the text, if that is still there. The selection stays where it was.
export function replace(area, old, text) {
  const place = area.value.indexOf(old);
  if (place < 0) return;
  const moved = (at) => (at <= place ? at : Math.max(place + text.length, at + text.length - old.length));
  const selection = [moved(area.selectionStart), moved(area.selectionEnd)];
  if (document.activeElement === area) {
    area.setSelectionRange(place, place + old.length);
    insert(area, text);
  } else {
    area.setRangeText(text, place, place + old.length, "preserve");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(...selection);
}

// Puts marks around the selection, takes them away again, or leaves them at their end.
function around(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end);
  const isMarked = isMark(value, start - mark.length, mark) && isMark(value, end, mark);
  if (isMarked && words) {
    area.setSelectionRange(start - mark.length, end + mark.length);
    insert(area, words, 0, words.length);
  } else if (!words && isMark(value, end, mark) && !isMarked) {
    area.setSelectionRange(end + mark.length, end + mark.length);
  } else {
    insert(area, mark + words + mark, mark.length, mark.length + words.length);
  }
}

// Whether exactly this mark is at a place: one star is not a part of two.
function isMark(value, place, mark) {
  const found = value.slice(Math.max(0, place), place + mark.length) === mark;
  const [before, after] = [value[place - 1], value[place + mark.length]];
  return found && (mark.length > 1 || (before !== mark && after !== mark));
}

function link(area) {
  const words = area.value.slice(area.selectionStart, area.selectionEnd);
  if (/^(https?:\/\/|mailto:)\S+$/.test(words)) insert(area, `[](${words})`, 1);
  else insert(area, `[${words}](https://)`, words.length + 3, words.length + 11);
}

// Puts a mark before each selected line, or takes it away if all have it.
function before(area, mark) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = value.indexOf("\n", area.selectionEnd);
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const isMarked = lines.every((line) => line.startsWith(mark));
  const changed = lines.map((line) => (isMarked ? line.slice(mark.length) : mark + line)).join("\n");
  area.setSelectionRange(start, end);
  insert(area, changed, lines.length > 1 ? 0 : changed.length, changed.length);
}

export const shortcuts = {
  b: (area) => around(area, "**"),
  i: (area) => around(area, "*"),
  k: link,
};

const ACTIONS = [
  ["Bold", shortcuts.b, "b"],
  ["Italic", shortcuts.i, "i"],
  ["Link", shortcuts.k, "k"],
  ["Heading", (area) => before(area, "## ")],
  ["List", (area) => before(area, "- ")],
  ["Quote", (area) => before(area, "> ")],
  ["Code", (area) => around(area, "`")],
];

export function addToolbar(form, preview, pictures) {
  const area = form.elements.text;
  const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
  const buttons = ACTIONS.map(([words, act, key]) => button(words, () => act(area), key
    ? { title: `${isApple ? "⌘" : "Ctrl+"}${key.toUpperCase()}`, "aria-keyshortcuts": `${isApple ? "Meta" : "Control"}+${key.toUpperCase()}` }
    : {}));
  const shown = button("Preview", () => preview.toggle(), { "aria-pressed": "false" });
  preview.onToggle((isShown) => shown.setAttribute("aria-pressed", isShown));
  form.elements.picture.addEventListener("change", () => form.elements.alt.focus());
  buttons.push(button("Picture", () => pictures.choose()), shown);
  const bar = element("div", { className: "toolbar", role: "toolbar", "aria-label": "Formatting", "aria-controls": area.id }, ...buttons);
  addArrows(bar, buttons);
  form.querySelector(".panes").before(bar);
  form.querySelector('button[name="do"][value="preview"]').hidden = true;
}

// The toolbar is one stop of the tab key; arrows move within it (ARIA Authoring Practices).
function addArrows(bar, buttons) {
  const select = (chosen) => buttons.forEach((one) => { one.tabIndex = one === chosen ? 0 : -1; });
  select(buttons[0]);
  bar.addEventListener("focusin", (event) => select(event.target));
  bar.addEventListener("keydown", (event) => {
    const place = buttons.indexOf(event.target);
    const places = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: buttons.length - 1 };
    if (place < 0 || !(event.key in places)) return;
    event.preventDefault();
    buttons.at(places[event.key] % buttons.length).focus();
  });
}
