// The map of a trace: a dot for each step, an arc from a step to each step that it feeds.
{
  const SVG = "http://www.w3.org/2000/svg";
  const EDGE = 16, LABEL = 20, HIGHEST = 130, APART = 26;
  let map, step = -1, kept = () => true;

  const svg = () => document.getElementById("map");
  const isBroken = ([source, user]) => kept(user) && !kept(source);

  function draw(name, className, attributes, text) {
    const made = document.createElementNS(SVG, name);
    made.setAttribute("class", className);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== undefined) made.textContent = text;
    svg().append(made);
  }

  function layOut() {
    const width = svg().clientWidth || 800;
    const gap = map.count > 1 ? (width - 2 * EDGE) / (map.count - 1) : 0;
    const widest = Math.max(0, ...map.links.map(([source, user]) => user - source));
    const high = Math.min(HIGHEST, Math.max(24, (widest * gap) / 2));
    return { width, gap, high, base: high + 12, x: (place) => EDGE + place * gap };
  }

  function drawArc(link, { x, base, high }) {
    const [source, user, share] = link;
    const across = (x(user) - x(source)) / 2;
    const tone = isBroken(link) ? " broken" : "";
    const near = user === step ? " source" : source === step ? " user" : "";
    draw("path", `arc${tone}${near}`, {
      d: `M${x(source).toFixed(1)} ${base}A${across.toFixed(1)} ${Math.min(across, high).toFixed(1)} 0 0 1 ` +
        `${x(user).toFixed(1)} ${base}`,
      "stroke-width": (1 + share / 50).toFixed(1),
    });
  }

  function drawStep(at, { x, base, gap }) {
    const radius = Math.min(3 + Number(map.need[at]) / 2.5, Math.max(1.5, gap * 0.45 || 6));
    draw("circle", `dot${kept(at) ? "" : " cut"}${at === step ? " here" : ""}`,
      { cx: x(at).toFixed(1), cy: base, r: radius.toFixed(1) });
    if (at % Math.max(1, Math.ceil(APART / (gap || APART))) === 0) {
      draw("text", "label", { x: x(at).toFixed(1), y: base + LABEL }, String(at + 1));
    }
  }

  function drawMap() {
    if (!map) return;
    const place = layOut(), height = place.base + LABEL + 8;
    svg().replaceChildren();
    svg().setAttribute("viewBox", `0 0 ${place.width} ${height}`);
    svg().setAttribute("height", String(height));
    const isNear = ([source, user]) => source === step || user === step;
    for (const link of [...map.links].sort((a, b) => isNear(a) - isNear(b))) drawArc(link, place);
    for (let at = 0; at < map.count; at += 1) drawStep(at, place);
  }

  function tellMap() {
    const used = map.links.filter(([, user]) => kept(user));
    const broken = used.filter(isBroken).length;
    const found = `${counted(map.links.length, "link")} between ${counted(map.count, "step")}`;
    svg().setAttribute("aria-label", `Map of the trace: ${found}`);
    document.getElementById("map-state").textContent = map.links.length === 0
      ? "No step of this trace visibly uses what another one found."
      : `${found}. Of the ${used.length} into steps that are kept, ${broken} ${broken === 1 ? "comes" : "come"} ` +
        "from a step that is cut.";
  }

  function showMap(trace) {
    map = { links: trace.links, need: trace.need, count: trace.need.length };
    step = -1;
  }

  function markKeptSteps(steps) {
    kept = (at) => steps.has(at);
    drawMap();
    tellMap();
  }

  function markStep(at) {
    if (at === step) return;
    step = at;
    drawMap();
  }

  function listSteps(places) {
    const numbers = places.map((place) => place + 1).sort((a, b) => a - b);
    return `${numbers.length === 1 ? "step" : "steps"} ${numbers.join(", ")}`;
  }

  function tellLinks(at) {
    const sources = map.links.filter(([, user]) => user === at).map(([source]) => source);
    const users = map.links.filter(([source]) => source === at).map(([, user]) => user);
    return (sources.length ? ` It rests on ${listSteps(sources)}.` : "") +
      (users.length ? ` It feeds ${listSteps(users)}.` : "");
  }

  function findStep(event) {
    const { gap } = layOut();
    const place = gap ? Math.round((event.clientX - svg().getBoundingClientRect().left - EDGE) / gap) : 0;
    return Math.max(0, Math.min(map.count - 1, place));
  }

  if (svg()) new ResizeObserver(drawMap).observe(svg().parentElement);
  globalThis.traceMap = { showMap, markKeptSteps, markStep, tellLinks, findStep };
}
