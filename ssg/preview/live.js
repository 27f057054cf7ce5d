// Live reload of the preview. Each visible page has an event stream that names the build served.
(() => {
  "use strict";
  const { dataset } = document.currentScript;
  const pageProblems = JSON.parse(dataset.problems || "[]");
  let build = dataset.build;
  let stream = null;
  let overlay = null;

  const element = (name, text, style) => {
    const made = document.createElement(name);
    made.textContent = text; // text, never markup: problems quote the sources
    made.style.cssText = style;
    return made;
  };

  const draw = (problems) => {
    overlay?.remove();
    overlay = null;
    if (!problems.length) return;
    overlay = document.createElement("div");
    overlay.id = "ssg-problems";
    overlay.setAttribute("role", "alert");
    overlay.style.cssText = "position:fixed;inset:auto 0 0 0;z-index:2147483647";
    const root = overlay.attachShadow({ mode: "open" }); // keeps the styles of the site out
    const box = element(
      "div",
      "",
      "max-height:60vh;overflow:auto;padding:1rem 1.5rem;background:#1d1f27;color:#f4f4f6;" +
        "border-top:4px solid #e5484d;font:15px/1.5 system-ui,sans-serif",
    );
    const close = element("button", "Hide", "float:right;font:inherit;cursor:pointer");
    close.addEventListener("click", () => overlay?.remove());
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    box.append(close, element("strong", count, ""));
    for (const { message, where, hint } of problems) {
      const item = element("div", "", "margin-top:.75rem");
      if (where) item.append(element("div", where, "font-family:monospace;color:#f5a3a5"));
      item.append(element("div", message, "white-space:pre-wrap"));
      if (hint) item.append(element("div", hint, "white-space:pre-wrap;color:#b4b8c5"));
      box.append(item);
    }
    root.append(box);
    document.body.append(overlay);
  };

  const showMark = (mark) => {
    const badge = document.createElement("div");
    badge.id = "ssg-mark";
    badge.style.cssText = "position:fixed;inset:auto auto 1rem 1rem;z-index:2147483646";
    const root = badge.attachShadow({ mode: "open" });
    const label = element(
      "div",
      mark,
      "padding:.25rem .75rem;border-radius:1rem;background:#f5d90a;color:#1d1f27;" +
        "font:bold 13px/1.5 system-ui,sans-serif",
    );
    label.title = "Only the preview shows this page";
    root.append(label);
    document.body.append(badge);
  };

  const swapStyles = (version) => {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const url = new URL(link.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set("ssg", version);
      const fresh = link.cloneNode();
      fresh.href = url.href;
      fresh.addEventListener("load", () => link.remove());
      link.after(fresh);
    }
  };

  const follow = (event) => {
    const state = JSON.parse(event.data);
    if (state.build && state.build !== build) {
      if (state.stylesSince !== build) return location.reload();
      swapStyles(state.build);
      build = state.build;
    }
    draw([...state.problems, ...pageProblems]);
  };

  const listen = () => {
    if (stream && stream.readyState !== EventSource.CLOSED) return;
    stream = new EventSource("/__ssg/events");
    stream.addEventListener("build", follow);
    stream.addEventListener("error", () => {
      // The browser reconnects a broken stream; one that it has given up is opened again here.
      if (stream?.readyState === EventSource.CLOSED) setTimeout(wake, 1000);
    });
  };

  // Browsers allow six connections to a host, so a hidden page closes its own.
  const wake = () => {
    if (document.visibilityState !== "hidden") return listen();
    stream?.close();
    stream = null;
  };

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  window.addEventListener("pagehide", () => stream?.close());
  draw(pageProblems);
  if (dataset.mark) showMark(dataset.mark);
  wake();
})();
