// Tables: chosen, filtered and sorted in the page. A cell is a value, or [value, low, high].
if (document.getElementById("grid")) {
  const { tables } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const SHOWN = 60;
  let table, order = { column: -1, down: false }, all = false;

  const plain = (cell) => (Array.isArray(cell) ? cell[0] : cell);
  const numeric = (column) => table.rows.every((row) => ["number", "object"].includes(typeof plain(row[column])));

  function figure(value) {
    if (value === null) return "";
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (typeof value !== "number") return String(value);
    return Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(Math.abs(value) < 1000 ? 3 : 0);
  }

  function told(cell) {
    if (!Array.isArray(cell)) return figure(cell);
    const [value, low, high] = cell.map(figure);
    return low && high ? `${value} [${low}, ${high}]` : value;
  }

  // Numbers by size, text by alphabet, missing values last whichever way it goes.
  function compare(a, b) {
    const [left, right] = [plain(a[order.column]), plain(b[order.column])];
    if (left === null || right === null) return (left === null) - (right === null);
    const by = typeof left === "string" ? left.localeCompare(right, "en", { numeric: true }) : left - right;
    return order.down ? -by : by;
  }

  function chosenRows() {
    const words = at("filter").value.toLowerCase().split(/\s+/u).filter(Boolean);
    const held = table.rows.filter((row) => {
      const text = row.map(told).join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return order.column < 0 ? held : held.sort(compare);
  }

  function headCell(name, column) {
    const cell = document.createElement("th");
    cell.scope = "col";
    if (numeric(column)) cell.className = "n";
    if (order.column === column) cell.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => sortBy(column));
    cell.append(button);
    return cell;
  }

  function bodyRow(row) {
    const made = document.createElement("tr");
    made.append(...row.map((cell, column) => {
      const one = document.createElement("td");
      if (typeof plain(cell) === "number") one.className = "n";
      else if (typeof cell === "string" && cell.length > 40) one.className = "long";
      one.textContent = told(cell);
      return one;
    }));
    return made;
  }

  function draw() {
    const rows = chosenRows();
    const shown = all ? rows : rows.slice(0, SHOWN);
    const caption = document.createElement("caption");
    caption.append(element("span", "", `${table.title}. ${table.caption}`));
    const head = document.createElement("thead");
    head.append(document.createElement("tr"));
    head.firstChild.append(...table.columns.map(headCell));
    const body = document.createElement("tbody");
    body.append(...shown.map(bodyRow));
    at("grid").replaceChildren(caption, head, body);
    at("more").hidden = shown.length === rows.length;
    at("more").textContent = `Show all ${rows.length.toLocaleString("en")} rows`;
    at("table-state").textContent = state(rows.length, shown.length);
  }

  function state(found, shown) {
    const sorted = order.column < 0 ? "" :
      `, sorted by ${table.columns[order.column]}, ${order.down ? "descending" : "ascending"}`;
    const rest = table.total > table.rows.length
      ? ` The page has the first ${table.rows.length} of ${table.total} rows; tables/${table.name}.csv has all.` : "";
    return `${shown} of ${counted(found, "row")} shown${sorted}.${rest}`;
  }

  function sortBy(column) {
    order = { column, down: order.column === column && !order.down };
    draw();
    at("grid").querySelectorAll("th button")[column].focus();
  }

  function choose(name) {
    table = tables.find((one) => one.name === name) ?? tables[0];
    at("table").value = table.name;
    order = { column: -1, down: false };
    all = false;
    draw();
  }

  at("table").replaceChildren(...tables.map((one) => new Option(one.title, one.name)));
  at("table").addEventListener("change", () => choose(at("table").value));
  at("filter").addEventListener("input", draw);
  at("more").addEventListener("click", () => { all = true; draw(); });
  at("table-controls").addEventListener("submit", (event) => event.preventDefault());
  for (const link of document.querySelectorAll("a[data-table]")) {
    link.addEventListener("click", () => choose(link.dataset.table));
  }
  choose(tables[0].name);
}
