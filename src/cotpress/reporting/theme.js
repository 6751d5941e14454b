"use strict";
// The theme: that of the system, or light or dark as chosen with the button. Remembered where the browser allows it.
{
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;
  const button = document.getElementById("theme");

  function remembered() {
    try { return localStorage.getItem("cotpress-theme"); } catch { return null; }
  }

  function show(theme) {
    root.dataset.theme = THEMES.includes(theme) ? theme : "auto";
    button.querySelector("span").textContent = root.dataset.theme;
    try { localStorage.setItem("cotpress-theme", root.dataset.theme); } catch { /* private windows forbid it */ }
  }

  button.addEventListener("click", () =>
    show(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]));
  show(remembered());
}
