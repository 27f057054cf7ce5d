// Pictures that are pasted, dropped or chosen. While one is uploaded, a line of the text stands
// for it, so that writing goes on.

import { insert, replace } from "./toolbar.js";

const MAX_BYTES = 10_000_000;
const IS_PICTURE = /^image\/(jpeg|png|webp|avif|gif)$/;

export function addPictures(form, api, state) {
  const area = form.elements.text;
  const { picture, alt } = form.elements;
  let count = 0;

  async function add(file, words = "") {
    const problem = problemOf(file);
    if (problem) return state.tell(problem);
    const line = `![${file.name.replace(/[[\]\\]/g, "")} is uploaded, ${++count} …]()`;
    insert(area, line);
    state.tell("The picture is uploaded.");
    const { status, value } = await api.send("POST", "/api/me/pictures", file, { type: file.type });
    if (status !== 201) {
      replace(area, line, "");
      const reason = Object.values(value.fields ?? {})[0] ?? value.error ?? "The picture cannot be uploaded at the moment.";
      return state.tell(`${file.name}: ${reason}`);
    }
    const isNext = area.selectionStart === area.value.indexOf(line) + line.length;
    replace(area, line, `![${words.replace(/[[\]\\]/g, "\\$&")}](${value.url})`);
    if (words || !isNext) return state.tell("The picture is in the text.");
    const place = area.value.indexOf(`](${value.url})`);
    area.setSelectionRange(place, place);
    return state.tell("The picture is in the text. Write between the brackets what is on it.");
  }

  function problemOf(file) {
    if (!IS_PICTURE.test(file.type)) return `${file.name} is not a JPEG, PNG, WebP, AVIF or GIF.`;
    return file.size > MAX_BYTES ? `${file.name} is larger than 10 MB.` : "";
  }

  async function addAll(files) {
    for (const file of files) await add(file);
  }

  area.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;  // a text with its picture is a text
    event.preventDefault();
    addAll([...files]);
  });
  area.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    addAll([...event.dataTransfer.files]);
  });

  return {
    choose() {
      picture.click();
    },
    async addChosen() {
      const [file] = picture.files;
      if (!file) return picture.focus();
      await add(file, alt.value.trim());
      picture.value = alt.value = "";
      return undefined;
    },
  };
}
