// The browser of pairs: a list that can be searched and sorted, and one pair before and after.
{
  const { pairs, figures, means, random } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const KEPT = 0, DELETED = 1, INSERTED = 2;
  let listed = [], shown = -1;

  const valueOf = (pair, name) => pair.values[name] ?? null;
  const textOf = (pair) =>  // made when it is first searched
    (pair.text ??= `${pair.id}\n${pair.question}\n${pair.parts.map(([, text]) => text).join("")}`.toLowerCase());

  // The worst first; a pair to which the figure does not apply comes last, whichever way it goes.
  function compare(name, lowIsWorse, best) {
    const sign = lowIsWorse === best ? -1 : 1;
    return (a, b) => {
      const [left, right] = [valueOf(a, name), valueOf(b, name)];
      if (left === null || right === null) return (left === null) - (right === null);
      return sign * (left - right);
    };
  }

  function choosePairs() {
    const words = at("search").value.toLowerCase().split(/\s+/u).filter(Boolean);
    const flag = at("flag").value, figure = figures[Number(at("sort").value)];
    const held = pairs.filter((pair) => {
      if (flag && !pair.flags.includes(flag)) return false;
      const text = words.length ? textOf(pair) : "";
      return words.every((word) => text.includes(word));
    });
    return figure ? held.sort(compare(figure.name, figure.lowIsWorse, at("best").checked)) : held;
  }

  function listPairs() {
    const open = listed[shown];
    listed = choosePairs();
    const name = figures[Number(at("sort").value)]?.name;
    at("list").replaceChildren(...listed.map((pair, place) => listEntry(pair, place, name)));
    at("choice-state").textContent = `${listed.length.toLocaleString("en")} of ${counted(pairs.length, "trace")} listed.`;
    openPair(Math.max(0, listed.indexOf(open)));
  }

  function listEntry(pair, place, name) {
    const entry = element("li"), button = element("button", "", pair.id);
    button.type = "button";
    const told = name && name !== "realized" ? `, ${name} ${figureText(name, valueOf(pair, name))}` : "";
    button.append(element("small", "", `kept ${pair.values.realized.toFixed(3)}${told}`));
    if (pair.flags.length) button.append(element("small", "", pair.flags.join(", ")));
    button.addEventListener("click", () => openPair(place));
    entry.append(button);
    return entry;
  }

  function figureText(name, value) {
    if (value === null || value === undefined) return "-";
    return name === "tokens" ? Math.round(value).toLocaleString("en") : value.toFixed(3);
  }

  function openPair(place) {
    const buttons = at("list").querySelectorAll("button");
    buttons[shown]?.removeAttribute("aria-current");
    shown = place;
    const pair = listed[place];
    at("pair").hidden = !pair;
    at("previous").disabled = place <= 0;
    at("next").disabled = place + 1 >= listed.length;
    buttons[place]?.setAttribute("aria-current", "true");
    if (pair) reveal(at("list"), buttons[place]);
    writePair(pair ?? { id: "", question: "", answer: "", gold: null, flags: [], values: {}, parts: [] });
  }

  // Scrolls the list alone: scrollIntoView would move the place from which the tab key goes on.
  function reveal(list, { offsetTop, offsetHeight }) {
    const least = offsetTop + offsetHeight - list.clientHeight;
    list.scrollTop = Math.min(offsetTop, Math.max(list.scrollTop, least));
  }

  function writePair(pair) {
    at("pair-title").textContent = pair.id;
    at("pair-state").textContent = tell(pair);
    at("values").replaceChildren(...figures.filter(({ name }) => name in means && means[name] !== null)
      .map((figure) => valueEntry(figure, valueOf(pair, figure.name))));
    at("values-note").hidden = !at("values").querySelector(".worse");
    for (const name of ["question", "answer", "gold"]) at(name).textContent = pair[name] ?? "";
    at("answer-entry").hidden = !pair.answer;
    at("gold-entry").hidden = pair.gold === null;
    at("answers").hidden = !pair.answer && pair.gold === null;
    at("added-key").hidden = !pair.parts.some(([kind]) => kind === INSERTED);
    writeParts(at("before"), pair.parts.filter(([kind]) => kind !== INSERTED), true);
    writeParts(at("after"), pair.parts.filter(([kind]) => kind !== DELETED), false);
  }

  function tell(pair) {
    if (pair.kept === undefined) return "";
    const target = pair.target === null ? "" : `, target ${pair.target}`;
    const flags = pair.flags.length ? ` Flags: ${pair.flags.join(", ")}.` : "";
    return `${pair.values.tokens.toLocaleString("en")} to ${counted(pair.kept, "token")}, ` +
      `realized ratio ${pair.values.realized.toFixed(3)}${target}.${flags}`;
  }

  // The value of a pair, with the means of all pairs and of random pruning; marked where it is a fault beside the
  // latter: worse, of a figure that is compared, and not fine by itself.
  function valueEntry({ name, about, lowIsWorse, compared, fine }, value) {
    const entry = element("div"), held = element("dd", "", figureText(name, value));
    const chance = random[name] ?? null;
    if (about) entry.title = about;
    const isWorse = (other) => value !== other && value < other === lowIsWorse;
    if (compared && value !== null && chance !== null && isWorse(chance) && (fine === null || isWorse(fine))) {
      entry.className = "worse";
    }
    const beside = chance === null ? "" : `, random ${figureText(name, chance)}`;
    held.append(element("small", "", ` (mean ${figureText(name, means[name])}${beside})`));
    entry.append(element("dt", "", name.replaceAll("_", " ")), held);
    return entry;
  }

  function writeParts(text, parts, numbered) {
    let number = -1;
    text.replaceChildren(...parts.map(([kind, content, step]) => {
      const made = element("span", kind === DELETED ? "u cut" : kind === INSERTED ? "u added" : "u");
      if (kind !== KEPT) made.setAttribute("role", kind === DELETED ? "deletion" : "insertion");
      if (numbered && step !== number && content.trim()) {
        appendStepStart(made, content, step);
        number = step;
      } else {
        made.append(content);
      }
      return made;
    }));
    text.scrollTop = 0;
  }

  fill(at("sort"), [["-1", "as on the page"], ...figures.map(({ name }, place) => [String(place), name.replaceAll("_", " ")])]);
  fill(at("flag"), [["", "any"], ...[...new Set(pairs.flatMap((pair) => pair.flags))].sort().map((flag) => [flag, flag])]);
  at("choice").addEventListener("submit", (event) => event.preventDefault());
  for (const [id, event] of [["search", "input"], ["sort", "change"], ["flag", "change"], ["best", "change"]]) {
    at(id).addEventListener(event, listPairs);
  }
  at("only").addEventListener("change", () => at("before").classList.toggle("only", at("only").checked));
  at("previous").addEventListener("click", () => openPair(shown - 1));
  at("next").addEventListener("click", () => openPair(shown + 1));
  listPairs();
}
