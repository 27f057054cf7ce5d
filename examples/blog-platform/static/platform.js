// What pages do with scripts. Without them there are links and forms for all of it.
//
// A reader who has never logged in here causes no request: the API is asked who somebody is only
// if this browser has logged in before, or on a personal page.

const LOGIN = "/login/";
const SETTINGS = "/settings/";
const WAIT_MILLISECONDS = 15_000;
const WHOLE_PAGE = /^\s*<!doctype/i;  // not from the API: of a proxy, or the site itself
const KNOWN = "logged-in";  // in localStorage: whether to ask who this is

const personal = document.getElementById("personal");
const away = document.getElementById("away");

// -- who is logged in --------------------------------------------------------------------------

function remember(isKnown) {
  try {
    if (isKnown) localStorage.setItem(KNOWN, "1");
    else localStorage.removeItem(KNOWN);
  } catch {}  // no storage: the links stay as they are
}

function isKnown() {
  try {
    return localStorage.getItem(KNOWN) !== null;
  } catch {
    return false;
  }
}

function element(name, values = {}, ...children) {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
}

function showSession({ user, csrf }) {
  remember(user !== null);
  const place = document.getElementById("session");
  for (const own of document.querySelectorAll("[data-author]"))
    own.hidden = own.dataset.author !== user?.user;
  if (!place || !user) return;
  addSettings();
  const form = element("form", { method: "post", action: "/account/logout" },
    element("input", { type: "hidden", name: "csrf", value: csrf }),
    element("button", { textContent: "Log out" }));
  form.addEventListener("submit", () => remember(false));
  place.replaceChildren(
    element("a", { href: `/${user.user}/`, textContent: user.name, className: "me" }), form);
}

function addSettings() {
  const link = element("a", { href: SETTINGS, textContent: "Settings" });
  if (location.pathname === SETTINGS) link.setAttribute("aria-current", "true");
  document.querySelector("nav.site ul")?.append(element("li", {}, link));
}

async function askSession() {
  try {
    const response = await fetch("/api/session", { signal: AbortSignal.timeout(WAIT_MILLISECONDS) });
    if (response.ok) showSession(await response.json());
  } catch {}  // the API is away: the links lead to pages that say so
}

// -- personal pages ----------------------------------------------------------------------------

async function load() {
  personal.setAttribute("aria-busy", "true");
  away.replaceChildren();
  try {
    await show(await fetch(personal.dataset.part + location.search, {
      headers: { "X-Part": "1" },
      credentials: "same-origin",
      signal: AbortSignal.timeout(WAIT_MILLISECONDS),
    }));
  } catch {
    showAway();
  } finally {
    personal.removeAttribute("aria-busy");
  }
}

async function show(response) {
  if (response.status === 401) {
    remember(false);
    const next = encodeURIComponent(location.pathname + location.search);
    location.replace(`${LOGIN}?next=${next}`);
  } else if (response.redirected) {
    location.replace(response.url);
  } else {
    const part = await response.text();
    if (response.status >= 500 || WHOLE_PAGE.test(part)) return showAway();
    personal.innerHTML = part;
    await enhance();
  }
}

function showAway() {
  const again = element("button", { type: "button", textContent: "Try again" });
  again.addEventListener("click", load);
  away.replaceChildren(
    "This page cannot be loaded right now. Nothing of yours is lost. ", again);
}

// The part has a heading and, where it matters, a field that has the focus.
async function enhance() {
  const heading = personal.querySelector("h1");
  if (personal.dataset.part && heading) {
    document.title = document.title.replace(/^.*(?= · )/u, () => heading.textContent);
    heading.tabIndex = -1;
    if (document.activeElement === document.body)
      (personal.querySelector("[autofocus]") ?? heading).focus({ preventScroll: true });
  }
  if (personal.querySelector("[data-editor]"))
    await import("./editor.js").catch(() => {});  // the form works without
}

addEventListener("submit", (event) => {
  const { action, dataset } = event.target;
  if (dataset.confirm && !confirm(dataset.confirm)) event.preventDefault();
  else if (/\/account\/(login|signup)\b/.test(action)) remember(true);
});

// -- start -------------------------------------------------------------------------------------

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// One after the other: the first answer may set the cookie that the tokens of forms belong to.
if (personal?.dataset.part) await load();
else if (personal) await enhance();
if (personal || isKnown()) await askSession();
