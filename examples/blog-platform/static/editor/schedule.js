// Times in the visitor's time zone: the form has them in UTC.

import { element } from "./element.js";

export function addSchedule(form) {
  const field = form.elements.at;
  if (!field) return;
  const utc = element("input", { type: "hidden", name: "at", value: field.value });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  form.querySelector("#hint-at").textContent = `In your time zone, ${zone}.`;
  field.removeAttribute("name");
  field.after(utc);
  if (field.value) field.value = localText(new Date(`${field.value}Z`));
  field.addEventListener("input", () => {
    const time = new Date(field.value);
    utc.value = Number.isNaN(time.getTime()) ? "" : time.toISOString().slice(0, 16);
  });
}

function localText(time) {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
