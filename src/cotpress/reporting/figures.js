// Figures: one condition large or all of them small, one group of panels, and what a mark says when it is pointed at.
{
  function show(figure) {
    const group = figure.querySelector("[data-groups]")?.value;
    const condition = figure.querySelector("[data-conditions]")?.value ?? "";
    const isLarge = condition !== "" || !figure.querySelector("[data-conditions]");
    const name = figure.querySelector("[data-groups] option:checked")?.textContent ?? "";
    figure.querySelector("figcaption").dataset.shown = [name, condition].filter(Boolean).join(", ");  // for paper
    for (const panels of figure.querySelectorAll("[data-group]")) {
      panels.hidden = group !== undefined && panels.dataset.group !== group;
      panels.classList.toggle("large", isLarge);
      for (const panel of panels.children) {
        panel.hidden = condition !== "" && !["", condition].includes(panel.dataset.condition);
      }
    }
    const shown = figure.querySelectorAll("[data-group]:not([hidden]) > .panel:not([hidden])");
    figure.classList.toggle("single", isLarge && shown.length === 1);  // the text stands beside its one panel
  }

  // The condition is one for all figures that have it.
  function chooseCondition(condition) {
    for (const choice of document.querySelectorAll("[data-conditions]")) {
      if (![...choice.options].some((one) => one.value === condition)) continue;
      choice.value = condition;
      show(choice.closest("figure"));
    }
  }

  for (const figure of document.querySelectorAll("figure")) {
    const conditions = figure.querySelector("[data-conditions]");
    conditions?.addEventListener("change", () => chooseCondition(conditions.value));
    figure.querySelector("[data-groups]")?.addEventListener("change", () => show(figure));
    show(figure);
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
