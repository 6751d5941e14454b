// As much of a document as the scripts of a page need: run as `node page_dom.js SCRIPT DATA STEPS`.
// STEPS is JavaScript that acts on the page through `at` and `fire`; what it gives is printed as JSON.
"use strict";
const { readFileSync } = require("node:fs");
const vm = require("node:vm");

class Node {
  constructor(name) {
    Object.assign(this, { name, children: [], attributes: {}, dataset: {}, listeners: {}, value: "", checked: false });
    this.classes = new Set();
    this.classList = { toggle: (name, on) => (on ? this.classes.add(name) : this.classes.delete(name)) };
  }
  set className(names) { this.classes = new Set(names.split(" ")); }
  get className() { return [...this.classes].join(" "); }
  set textContent(text) { this.children = [String(text)]; }
  get textContent() { return this.children.map((child) => child.textContent ?? child).join(""); }
  set innerHTML(text) { throw new Error(`innerHTML: ${text}`); }
  append(...children) { this.children.push(...children); }
  replaceChildren(...children) {
    this.children = children;
    if (children[0]?.name === "option") this.value = children[0].value;  // as a select does
  }
  setAttribute(name, value) { this.attributes[name] = value; }
  removeAttribute(name) { delete this.attributes[name]; }
  addEventListener(name, act) { this.listeners[name] = act; }
  scrollIntoView() {}
  all() { return this.children.flatMap((child) => (child.all ? [child, ...child.all()] : [])); }
  querySelectorAll(what) { return this.all().filter((node) => node.name === what || node.classes.has(what.slice(1))); }
  querySelector(what) { return this.querySelectorAll(what)[0] ?? null; }
}

const nodes = new Map();
const at = (id) => nodes.get(id) ?? nodes.set(id, new Node(id)).get(id);
const fire = (id, name) => at(id).listeners[name]({ preventDefault() {} });
const [script, data, steps] = process.argv.slice(2);
at("data").textContent = readFileSync(data, "utf8");
at("theme").append(new Node("span"));
const document = { getElementById: at, createElement: (name) => new Node(name), documentElement: new Node("html") };
const world = vm.createContext({ document, at, fire, localStorage: { getItem() {}, setItem() {} } });
vm.runInContext(readFileSync(script, "utf8"), world);
console.log(JSON.stringify(vm.runInContext(steps, world)));
