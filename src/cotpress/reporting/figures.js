// Figures: which group of panels is shown, and what a mark says when it is pointed at.
{
  for (const choice of document.querySelectorAll("[data-groups]")) {
    const panels = choice.closest("figure").querySelectorAll("[data-group]");
    choice.addEventListener("change", () =>
      panels.forEach((one) => { one.hidden = one.dataset.group !== choice.value; }));
  }

  const tip = document.getElementById("tip");

  function point(event) {
    const mark = event.target.closest(".panel svg [data-tip]");
    tip.hidden = !mark;
    if (tip.hidden) return;
    tip.textContent = mark.dataset.tip;
    const right = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 12, right))}px`;
    tip.style.top = `${event.clientY + 16}px`;
  }

  document.getElementById("figures").addEventListener("pointerover", point);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
}
