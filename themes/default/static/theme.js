// What a page can do beyond being read. Everything works without it.
"use strict";

const root = document.documentElement;
const said = document.body.dataset;

// -- light, dark, or as the system has it ------------------------------------------------------

const scheme = document.getElementById("theme--scheme");

function showScheme() {
  const label = scheme.dataset[root.dataset.scheme ?? "auto"];
  scheme.setAttribute("aria-label", label);
  scheme.title = label;
}

scheme.addEventListener("click", () => {
  const next = { auto: "light", light: "dark", dark: "auto" }[root.dataset.scheme ?? "auto"];
  if (next === "auto") delete root.dataset.scheme;
  else root.dataset.scheme = next;
  try {
    if (next === "auto") localStorage.removeItem("scheme");
    else localStorage.setItem("scheme", next);
  } catch {}  // not remembered then
  showScheme();
});
showScheme();
scheme.hidden = false;

// -- code: copied with one click, scrolled with keys --------------------------------------------

for (const wide of document.querySelectorAll(".prose :is(pre, table)"))
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;

for (const block of document.querySelectorAll(".prose pre")) {
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = said.copy;
  button.addEventListener("click", async () => {
    const code = block.querySelector("code").cloneNode(true);
    for (const number of code.querySelectorAll(".linenos")) number.remove();
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = said.copied;
    setTimeout(() => { button.textContent = said.copy; }, 2000);
  });
  const box = document.createElement("div");
  box.className = "code-box";
  block.replaceWith(box);
  box.append(block, button);
}

// -- headings can be linked to -------------------------------------------------------------------

for (const heading of document.querySelectorAll(".prose :is(h2, h3, h4)[id]")) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = "#" + encodeURIComponent(heading.id);
  link.textContent = "#";
  link.setAttribute("aria-label", `${said.anchor}: ${heading.textContent}`);
  heading.append(" ", link);
}

// -- the table of contents: open where there is room, and it shows where the reader is -----------

const toc = document.querySelector(".toc details");
if (toc) {
  const wide = matchMedia("(min-width: 76rem)");
  const open = () => { toc.open = wide.matches; };
  wide.addEventListener("change", open);
  open();
  const links = [...toc.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const follow = () => {
    const isAtEnd = innerHeight + scrollY >= document.body.scrollHeight - 1;
    const line = isAtEnd ? innerHeight : innerHeight * 0.3;
    const passed = headings.filter((heading) => heading?.getBoundingClientRect().top < line);
    for (const [number, link] of links.entries())
      if (number === Math.max(0, passed.length - 1)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
  };
  let frame;
  addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(follow);
  }, { passive: true });
  follow();
}

// In a long list of pages, the one that is open is in sight.
const here = document.querySelector(".contents [aria-current]");
const list = here?.closest(".contents");
if (list && list.scrollHeight > list.clientHeight) {
  list.scrollTop = here.offsetTop - list.clientHeight / 2;
}
