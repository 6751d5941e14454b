// The trace browser. Trace text is data: it only ever becomes text nodes.
if (document.getElementById("browser")) {
  const { traces, gauges } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const CLASSES = ["other word", "symbol", "stopword"];
  let trace, method, percents, units, cursor = -1;

  function listTraces() {
    const groups = new Map();
    traces.forEach((one, place) => {
      if (!groups.has(one.condition)) {
        const group = document.createElement("optgroup");
        group.label = one.condition;
        groups.set(one.condition, group);
      }
      const option = element("option", "", `${one.id} (${counted(one.tokens, "token")})`);
      option.value = String(place);
      groups.get(one.condition).append(option);
    });
    at("trace").replaceChildren(...groups.values());
  }

  function openTrace() {
    trace = traces[Number(at("trace").value)];
    at("question").textContent = trace.question;
    at("answer").textContent = trace.answer;
    at("answer-entry").hidden = !trace.answer;
    for (const [key, flags] of [["essential", trace.essential], ["reflective", trace.reflective],
      ["duplicate", trace.duplicate]]) {
      document.querySelector(`[data-key=${key}]`).hidden = !flags.includes("1");
    }
    writeUnits();
    const criteria = [...new Set(trace.methods.map((one) => one.criterion))];
    fill(at("criterion"), criteria.map((name) => [name, name]), at("criterion").value);
    fill(at("rewrite"), trace.rewrites.map((one, place) => [String(place), rewriteName(one)]), at("rewrite").value);
    traceMap.showMap(trace);
    chooseMethod();
    showRewrite();
  }

  // What a link names is shown; of what is not in this page it says so.
  function openLink() {
    const link = readTraceLink();
    if (!link) return;
    const place = traces.findIndex((one) =>
      one.id === link.trace && (link.condition === null || one.condition === link.condition));
    at("link-state").textContent = place < 0 ? `This page has no trace ${link.trace}.` : "";
    if (place >= 0) {
      at("trace").value = String(place);
      openTrace();
      applyLink(link);
    }
    document.getElementById("traces").scrollIntoView();
  }

  function applyLink(link) {
    if (trace.methods.some((one) => one.criterion === link.criterion)) at("criterion").value = link.criterion;
    for (const radio of document.querySelectorAll("[name=granularity]")) {
      if (link.granularity) radio.checked = radio.value === link.granularity;
    }
    if (link.symbols !== null) at("symbols").checked = link.symbols;
    if (link.keep !== null) at("keep").value = String(link.keep);
    chooseMethod();
  }

  function updateAddress() {
    history.replaceState(null, "", at("permalink").getAttribute("href"));
    at("link-state").textContent = "";
  }

  function writeUnits() {
    const text = at("text");
    text.replaceChildren();
    units = [];
    cursor = -1;
    let step = null, number = -1;
    trace.units.forEach((unit, place) => {
      if (trace.steps[place] !== number) {
        number = trace.steps[place];
        step = element("span", "steptext");
        text.append(step);
      }
      units.push(unitElement(unit, place, step.childElementCount === 0));
      step.append(units[place]);
    });
  }

  function unitElement(unit, place, first) {
    const made = element("span", "u");
    made.dataset.place = String(place);
    if (trace.essential[place] === "1") made.classList.add("essential");
    if (first) {
      const step = trace.steps[place];
      const mark = appendStepStart(made, unit, step);
      if (trace.reflective[step] === "1") mark.classList.add("reflective");
      if (trace.duplicate[step] === "1") mark.classList.add("duplicate");
    } else {
      made.append(unit);
    }
    return made;
  }

  const granularity = () => document.querySelector("[name=granularity]:checked")?.value;

  function find(criterion, grain, symbols) {
    return trace.methods.find((one) =>
      one.criterion === criterion && one.granularity === grain && one.symbols === symbols);
  }

  // Choices that the study did not make are switched off; the nearest one that it made is shown.
  function chooseMethod() {
    const held = trace.methods.filter((one) => one.criterion === at("criterion").value);
    for (const radio of document.querySelectorAll("[name=granularity]")) {
      radio.disabled = !held.some((one) => one.granularity === radio.value);
    }
    const grain = held.some((one) => one.granularity === granularity()) ? granularity() : held[0]?.granularity;
    for (const radio of document.querySelectorAll("[name=granularity]")) radio.checked = radio.value === grain;
    const forms = held.filter((one) => one.granularity === grain);
    at("symbols").disabled = forms.length < 2;
    method = find(at("criterion").value, grain, at("symbols").checked) ?? forms[0];
    if (method) at("symbols").checked = method.symbols;
    percents = method && Uint8Array.from(atob(method.percents), (sign) => sign.charCodeAt(0));
    units.forEach((unit, place) => { unit.dataset.shade = method ? method.shades[place] : ""; });
    showKept();
  }

  function showKept() {
    const keep = Number(at("keep").value);
    at("kept").textContent = (keep / 100).toFixed(2);
    at("keep").setAttribute("aria-valuetext", `keep ratio ${(keep / 100).toFixed(2)}`);
    at("permalink").setAttribute("href", formatTraceLink(trace, method, keep));
    showGauges();
    const how = method ? `${method.criterion}, ${method.granularity}, keep ratio ${(keep / 100).toFixed(2)}` : "whole";
    at("state").dataset.shown = `${trace.id}, ${how}`;  // for paper, which has no controls
    if (!method) {
      traceMap.markKeptSteps(new Set(trace.steps));
      at("state").textContent = "No ranking of this trace was stored.";
      return;
    }
    const sums = { tokens: 0, all: 0, units: 0, essential: 0, truth: 0, steps: new Set(), left: new Set() };
    units.forEach((unit, place) => {
      const stays = percents[place] <= keep;
      unit.classList.toggle("cut", !stays);
      if (stays) unit.removeAttribute("role");
      else unit.setAttribute("role", "deletion");
      count(sums, place, stays);
    });
    tell(sums, keep);
    traceMap.markKeptSteps(sums.left);
  }

  // The place of the keep ratio nearest to this one at which the gauges were measured.
  function findGauged(keep) {
    const places = trace.gauged.map((_, place) => place);
    return places.sort((a, b) => Math.abs(trace.gauged[a] - keep) - Math.abs(trace.gauged[b] - keep))[0];
  }

  // The gauges were measured at a few keep ratios: the nearest one is shown, and named.
  function showGauges() {
    const near = findGauged(Number(at("keep").value));
    const pruned = method?.gauges[near] ?? [];
    const rewritten = trace.rewrites[Number(at("rewrite").value)]?.gauges ?? [];
    at("gauge-ratio").textContent = pruned.length ? `kept ${(trace.gauged[near] / 100).toFixed(2)}` : "kept";
    at("gauge-note").hidden = pruned.length > 0;
    at("gauge-rewritten").hidden = trace.rewrites.length === 0;
    at("gauges").replaceChildren(...gauges.flatMap((gauge, place) => {
      const held = trace.rewrites.length ? [trace.original, pruned, rewritten] : [trace.original, pruned];
      const values = held.map((one) => one[place] ?? null);
      return values.every((value) => value === null) ? [] : [gaugeRow(gauge, values)];
    }));
  }

  function gaugeRow(gauge, values) {
    const row = element("tr");
    const name = element("th", "", gauge.name);
    name.scope = "row";
    row.append(name, ...values.map((value) =>
      element("td", "n", value === null ? "" : value.toFixed(gauge.share ? 2 : 0))));
    return row;
  }

  function count(sums, place, stays) {
    const essential = trace.essential[place] === "1";
    sums.all += trace.weights[place];
    sums.truth += essential;
    sums.steps.add(trace.steps[place]);
    if (!stays) return;
    sums.tokens += trace.weights[place];
    sums.units += 1;
    sums.essential += essential;
    sums.left.add(trace.steps[place]);
  }

  function tell(sums, keep) {
    const realized = sums.all ? sums.tokens / sums.all : 0;
    const parts = [
      `Realized ratio ${realized.toFixed(3)}: ${sums.tokens} of ${counted(sums.all, "token")} kept`,
      `${sums.units} of ${counted(units.length, "unit")}`,
      `something of ${sums.left.size} of ${counted(sums.steps.size, "step")}`,
    ];
    if (sums.truth) parts.push(`${sums.essential} of ${counted(sums.truth, "essential unit")}`);
    at("state").textContent = `${parts.join(", ")}.`;
    at("realized").setAttribute("width", String(100 * realized));
    at("target").setAttribute("x", String(Math.min(99.5, keep)));
  }

  function showUnit(place) {
    if (place < 0 || place >= units.length || !method) return;
    const least = percents[place] > 100 ? "never kept" : `kept from ratio ${(percents[place] / 100).toFixed(2)}`;
    const step = trace.steps[place];
    traceMap.markStep(step);
    const truth = trace.essential[place] === "1" ? ", essential" : "";
    at("unit").textContent = `“${trace.units[place].trim()}”: ${CLASSES[trace.classes[place]]}, importance ` +
      `${Number(method.shades[place]) + 1} of 10, ${least}, step ${step + 1}${truth}.${traceMap.tellLinks(step)}`;
  }

  function moveCursor(event) {
    const moves = { ArrowRight: cursor + 1, ArrowLeft: cursor - 1, Home: 0, End: units.length - 1 };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    goTo(moves[event.key]);
  }

  function goTo(place) {
    units[cursor]?.classList.remove("here");
    cursor = Math.max(0, Math.min(units.length - 1, place));
    units[cursor].classList.add("here");
    const text = at("text"), box = units[cursor].getBoundingClientRect(), frame = text.getBoundingClientRect();
    if (box.top < frame.top) text.scrollTop += box.top - frame.top - 8;
    else if (box.bottom > frame.bottom) text.scrollTop += box.bottom - frame.bottom + 8;
    showUnit(cursor);
  }

  function rewriteName(one) {
    return one.target === null ? one.level : `${one.level}, target ${one.target}`;
  }

  function showRewrite() {
    const one = trace.rewrites[Number(at("rewrite").value)];
    showGauges();
    at("rewrites").hidden = !one;
    at("rewritten").hidden = !one || one.text === null;
    at("rewritten").textContent = one?.text ?? "";
    if (!one) at("rewrite-state").textContent = "";
    else if (one.text === null) at("rewrite-state").textContent = `Rejected: ${one.reason}.`;
    else {
      const figures = [["realized ratio", one.realized], ["restructuring", one.restructuring]];
      at("rewrite-state").textContent = figures.filter(([, value]) => value !== null)
        .map(([name, value]) => `${name} ${value.toFixed(3)}`).join(", ");
    }
  }

  at("browser").addEventListener("submit", (event) => event.preventDefault());
  at("browser").addEventListener("change", () => setTimeout(updateAddress));  // once the change was followed
  at("map").addEventListener("click", (event) => goTo(trace.steps.indexOf(traceMap.findStep(event))));
  at("map").addEventListener("pointermove", (event) => showUnit(trace.steps.indexOf(traceMap.findStep(event))));
  at("trace").addEventListener("change", openTrace);
  at("criterion").addEventListener("change", chooseMethod);
  at("symbols").addEventListener("change", chooseMethod);
  document.querySelectorAll("[name=granularity]").forEach((one) => one.addEventListener("change", chooseMethod));
  at("keep").addEventListener("input", showKept);
  at("only").addEventListener("change", () => at("text").classList.toggle("only", at("only").checked));
  at("rewrite").addEventListener("change", showRewrite);
  at("text").addEventListener("keydown", moveCursor);
  at("text").addEventListener("pointerover", (event) => {
    const unit = event.target.closest(".u");
    if (unit) showUnit(Number(unit.dataset.place));
  });
  globalThis.addEventListener("hashchange", openLink);
  listTraces();
  openTrace();
  at("keep").value = String(trace.gauged[findGauged(50)] ?? 50);  // the first gauges are of the text beside them
  showKept();
  openLink();
}
