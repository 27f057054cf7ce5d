// Elements made by scripts. Texts become texts, never HTML.

export function element(name, values = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(values)) {
    if (key === "role" || key.startsWith("aria-") || key.startsWith("data-")) made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

export function button(words, act, values = {}) {
  const made = element("button", { type: "button", ...values }, words);
  made.addEventListener("click", act);
  return made;
}
