// Before anything is drawn: the colours that the reader chose.
try {
  const chosen = localStorage.getItem("scheme");
  if (chosen) document.documentElement.dataset.scheme = chosen;
} catch {}  // no storage: colours follow the system
