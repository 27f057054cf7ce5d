// The editor: adds to the form that the API has made. Without this file the form works as it is.

import { Api } from "./editor/api.js";
import { Copies } from "./editor/copies.js";
import { Draft } from "./editor/draft.js";
import { element } from "./editor/element.js";
import { addPictures } from "./editor/pictures.js";
import { addPreview } from "./editor/preview.js";
import { addSchedule } from "./editor/schedule.js";
import { addToolbar, shortcuts } from "./editor/toolbar.js";

const CONFIRM = "Publish this post now?";

function start(form) {
  const area = form.elements.text;
  const api = new Api(form);
  const state = addState(form);
  const draft = new Draft(form, api, new Copies(form.dataset.user), state);
  const preview = addPreview(form, api);
  const pictures = addPictures(form, api, state);
  addToolbar(form, preview, pictures);
  addCount(area, Number(form.dataset.max));
  addSchedule(form);
  const button = (action) => form.querySelector(`button[name="do"][value="${action}"]`);

  form.addEventListener("input", () => draft.changed());
  form.addEventListener("submit", async (event) => {
    const action = event.submitter?.value ?? "save";
    if (draft.isLeaving) return;
    event.preventDefault();
    if (action === "preview") preview.toggle();
    else if (action === "picture") pictures.addChosen();
    else if (await draft.saved(action === "save")) draft.leave(() => form.requestSubmit(event.submitter));
  });
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const key = event.key.toLowerCase();
    if (key === "s") draft.saved(true);
    else if (key === "enter") { if (confirm(CONFIRM)) button("publish").click(); }
    else if (event.target === area && shortcuts[key]) shortcuts[key](area);
    else return;
    event.preventDefault();
  });
  draft.offerCopy();
}

// What is visible changes often; what is read aloud only if it matters.
function addState(form) {
  const seen = element("span", { className: "state" });
  const told = element("span", { role: "status" });
  form.querySelector(".panes").after(element("p", { className: "editor-state" }, seen, " ", told));
  return {
    show(words) {
      seen.textContent = words;
    },
    tell(...words) {
      told.replaceChildren(...words);
    },
  };
}

function addCount(area, most) {
  const count = element("p", { className: "hint", id: "count" });
  const show = () => {
    const words = area.value.match(/\S+/gu)?.length ?? 0;
    const characters = [...area.value].length;
    count.textContent = `${words.toLocaleString("en")} words, ${characters.toLocaleString("en")} characters`
      + (characters > most ? `; ${most.toLocaleString("en")} are possible` : "");
    count.classList.toggle("error", characters > most);
  };
  area.after(count);
  area.addEventListener("input", show);
  show();
}

const form = document.querySelector("form[data-editor]");
if (form && form.dataset.user) start(form);
