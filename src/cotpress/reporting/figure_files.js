// Figures as files: the panels that are shown, with title and legend, on one light sheet. Nothing is sent anywhere.
{
  const SVG = "http://www.w3.org/2000/svg";
  const GAP = 16, LETTER = 6.2, WIDTH = 480, SCALE = 2;

  function draw(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // The page's colours are variables; a file has the light theme's.
  function resolveColours(sheet) {
    const probe = document.body.appendChild(element("i", "light"));
    for (const part of sheet.querySelectorAll("*")) {
      for (const name of ["fill", "stroke"]) {
        if (!part.getAttribute(name)?.startsWith("var(")) continue;
        probe.style.color = part.getAttribute(name);
        part.setAttribute(name, getComputedStyle(probe).color);
      }
    }
    probe.remove();
  }

  const shownGroup = (figure) => figure.querySelector("[data-groups] option:checked")?.textContent
    ?? figure.querySelector(".group")?.textContent ?? "";

  function drawLegend(sheet, figure, width) {
    let x = GAP, y = 40;
    for (const series of figure.querySelectorAll(".legend li")) {
      const name = series.textContent.trim();
      const room = 30 + LETTER * name.length;
      if (x > GAP && x + room > width) [x, y] = [GAP, y + 18];
      const mark = draw("g", { transform: `translate(${x},${y})` });
      mark.append(series.querySelector("path").cloneNode(), draw("text", { x: 16, y: 9.5 }, name));
      sheet.append(mark);
      x += room;
    }
    return y + 28;
  }

  function placePanels(sheet, panels, top) {
    const boxes = panels.map((panel) => panel.viewBox.baseVal);
    const wide = Math.max(...boxes.map((box) => box.width)) + GAP;
    const high = Math.max(...boxes.map((box) => box.height)) + GAP;
    const columns = Math.min(3, panels.length);
    panels.forEach((panel, place) => {
      const copy = panel.cloneNode(true), box = boxes[place];
      const [x, y] = [GAP + (place % columns) * wide, top + Math.floor(place / columns) * high];
      for (const [key, value] of Object.entries({ x, y, width: box.width, height: box.height })) {
        copy.setAttribute(key, value);
      }
      sheet.append(copy);
    });
    return [Math.max(WIDTH, columns * wide + GAP), top + Math.ceil(panels.length / columns) * high];
  }

  function composeSheet(figure) {
    const panels = [...figure.querySelectorAll(".panels:not([hidden]) .panel:not([hidden]) > svg")];
    const sheet = draw("svg", { "font-family": "sans-serif", "font-size": 11, fill: "var(--ink)" });
    const ground = draw("rect", { width: "100%", height: "100%", fill: "white" });
    const title = draw("text", { x: GAP, y: 26, "font-size": 14, "font-weight": 600 },
      figure.querySelector("h3").textContent);
    title.append(draw("tspan", { dx: 12, "font-weight": 400, fill: "var(--muted)" }, shownGroup(figure)));
    const body = draw("g", { fill: "var(--ink)" });
    body.append(title);
    sheet.append(ground, body);
    const columns = Math.min(3, panels.length), widest = Math.max(...panels.map((one) => one.viewBox.baseVal.width));
    const top = drawLegend(body, figure, Math.max(WIDTH, columns * (widest + GAP) + GAP));
    const [width, height] = placePanels(body, panels, top);
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) {
      sheet.setAttribute(key, value);
    }
    sheet.removeAttribute("fill");
    resolveColours(sheet);
    return { text: new XMLSerializer().serializeToString(sheet), width, height };
  }

  async function renderPng({ text, width, height }) {
    const picture = new Image(width, height);
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  }

  function saveFile(name, blob) {
    const link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function saveFigure(figure, ending) {
    const sheet = composeSheet(figure);
    const blob = ending === "png" ? await renderPng(sheet) : new Blob([sheet.text], { type: "image/svg+xml" });
    const parts = [figure.id, shownGroup(figure), figure.querySelector("[data-conditions]")?.value ?? ""];
    const name = parts.join("-").toLowerCase().replace(/[^a-z0-9.]+/gu, "-").replace(/^[-.]+|[-.]+$/gu, "");
    saveFile(`${name}.${ending}`, blob);
  }

  for (const button of document.querySelectorAll("[data-save]")) {
    button.hidden = false;  // they need scripts
    button.addEventListener("click", () => saveFigure(button.closest("figure"), button.dataset.save));
  }
}
