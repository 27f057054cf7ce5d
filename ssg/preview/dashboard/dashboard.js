// Keeps the dashboard up to date. The server renders everything; this script polls for a change,
// then fetches the page again and replaces its live parts.
(() => {
  "use strict";
  const POLL_MS = 1000; // at most one page a second, however busy the site is
  const run = document.documentElement.dataset.run;
  const pulse = document.getElementById("pulse");
  const result = document.getElementById("result");
  let looking = null;

  const version = () => document.getElementById("version").dataset.version;
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  const rowsOf = (part) => [...part.querySelectorAll("tbody tr[id]")];
  const namesOf = (rows) => rows.map((row) => row.id).join();

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const flash = (row) => {
    if (!still.matches) row.animate([{ background: "var(--accent-soft)" }, {}], 900);
  };

  const keepOpen = (part, fresh) => {
    for (const { id } of part.querySelectorAll("details[open][id]")) {
      const same = fresh.querySelector(`#${CSS.escape(id)}`);
      if (same) same.open = true;
    }
  };

  const swap = (part, fresh) => {
    keepOpen(part, fresh);
    if (part.outerHTML === fresh.outerHTML) return;
    const [old, rows] = [rowsOf(part), rowsOf(fresh)];
    if (rows.length && namesOf(old) === namesOf(rows)) {
      return old.forEach((row, number) => swap(row, rows[number])); // only rows that differ
    }
    part.replaceWith(fresh);
    if (fresh.tagName === "TR") flash(fresh);
  };

  const refocus = (lost) => {
    if (!lost.id || lost.isConnected) return;
    const row = lost.closest("tr");
    const same = document.getElementById(lost.id);
    const near = row && document.getElementById(row.id)?.querySelector("button, a");
    (same || near)?.focus({ preventScroll: true });
  };

  const patch = (page) => {
    if (!document.getElementById("list") !== !page.getElementById("list")) return location.reload();
    const focused = document.activeElement;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (fresh) swap(part, fresh);
    }
    refocus(focused);
  };

  const say = (text, isBad) => {
    result.textContent = text;
    result.classList.toggle("bad", isBad);
  };

  const show = (isLive) => {
    pulse.hidden = false;
    pulse.textContent = isLive ? "live" : "the preview does not answer";
    pulse.classList.toggle("lost", !isLive);
  };

  const look = async () => {
    const beat = await (await fetch("/__ssg/pulse")).json();
    if (beat.run !== run) return location.reload(); // a restarted preview has another form token
    if (beat.version !== version()) patch(parse(await (await fetch(location.href)).text()));
  };

  // Polls do not overlap, and stop while the page is hidden.
  const follow = async () => {
    clearTimeout(looking);
    if (document.visibilityState === "hidden") return;
    try {
      await look();
      show(true);
    } catch {
      show(false);
    }
    clearTimeout(looking);
    looking = setTimeout(follow, POLL_MS);
  };

  const act = async (button) => {
    const body = new URLSearchParams(new FormData(button.form, button));
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(button.form.action, { method: "POST", body });
      const page = parse(await answer.text());
      if (!answer.ok) return say(page.body.textContent.trim(), true);
      const news = page.getElementById("result");
      say(news.textContent, news.classList.contains("bad"));
      patch(page);
    } catch {
      show(false);
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (!target.matches(".act") || !submitter) return;
    event.preventDefault();
    if (!submitter.hasAttribute("aria-disabled") && !submitter.hasAttribute("aria-busy")) act(submitter);
  });
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pageshow", follow);
})();
