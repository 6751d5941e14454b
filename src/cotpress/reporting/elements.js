// Elements of the page. What comes from a trace is data: it only ever becomes text nodes.
function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(select, names, wanted) {
  select.replaceChildren(...names.map(([value, label]) => {
    const option = element("option", "", label);
    option.value = value;
    return option;
  }));
  if (names.some(([value]) => value === wanted)) select.value = wanted;
}

// Text that begins a step: the step's number stands behind the white space that leads to it; it is drawn, not written.
function appendStepStart(parent, text, step) {
  const blank = text.match(/^\s*/u)[0];
  const mark = element("span", "step");
  mark.dataset.step = String(step + 1);
  parent.append(blank, mark, text.slice(blank.length));
  return mark;
}
