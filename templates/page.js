"use strict";
/* What the scripts of the pages share. They only move what is there and write text, never markup, and the page's policy
   (trusted types) holds them to that. */
const $ = (id) => document.getElementById(id);
const withAttributes = (node, text, attributes) => {
  if (text) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};
const make = (tag, text = "", attributes = {}) => withAttributes(document.createElement(tag), text, attributes);
const drawn = (tag, attributes = {}, text = "") =>
  withAttributes(document.createElementNS("http://www.w3.org/2000/svg", tag), text, attributes);
const holding = (node, ...children) => { node.append(...children); return node; };
/* A path, which may be broken after each of its slashes. */
const path = (text) => text.split("/").flatMap((part, at) => (at ? ["/", make("wbr"), part] : [part]));
const later = (act) => {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(act, 120); };
};
const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
const byName = new Intl.Collator("en", { numeric: true });

/* A narrow window lays rows out as blocks, which would take away their meaning for screen readers. */
const keepMeaning = (table) => {
  table.setAttribute("role", "table");
  for (const row of table.rows) {
    const heads = row.parentNode === table.tHead;
    row.parentNode.setAttribute("role", "rowgroup");
    row.setAttribute("role", "row");
    for (const cell of row.cells) cell.setAttribute("role", heads ? "columnheader" : cell.tagName === "TH" ? "rowheader" : "cell");
  }
};

/* Columns are sorted by the figure or the text of their cells, or by data-v where the cell says more than that. */
const valueOf = (cell, kind) => {
  const text = cell.dataset.v ?? cell.textContent;
  return kind === "number" ? Number(text.replaceAll(",", "")) || 0 : text;
};
const sortable = (table) => {
  keepMeaning(table);
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.querySelectorAll("[data-sort]")];
  const step = Number(table.dataset.step);
  const more = make("button", "", { type: "button" });
  let limit = step;
  let shown = rows;
  const draw = () => {
    body.replaceChildren(...shown.slice(0, limit));
    more.hidden = shown.length <= limit;
    more.textContent = `Show ${Math.min(200, shown.length - limit)} more of ${rows.length.toLocaleString("en")}`;
  };
  const order = (head, kind, falls) => {
    const at = head.cellIndex;
    const values = new Map(rows.map((row) => [row, valueOf(row.cells[at], kind)]));
    const compare = kind === "number" ? (a, b) => a - b : byName.compare;
    shown = [...rows].sort((a, b) => (falls ? -1 : 1) * compare(values.get(a), values.get(b)));
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falls ? "descending" : "ascending");
    draw();
  };
  for (const head of heads) {
    const kind = head.dataset.sort;
    // Figures begin with the largest, names with the first.
    const first = kind === "number" ? "descending" : "ascending";
    const button = make("button", "", { type: "button" });
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      order(head, kind, now ? now === "ascending" : first === "descending");
    });
    head.replaceChildren(button);
  }
  more.addEventListener("click", () => { limit += 200; draw(); });
  table.after(holding(make("p", "", { class: "more" }), more));
  addEventListener("beforeprint", () => body.replaceChildren(...shown));
  addEventListener("afterprint", draw);
  draw();
};
for (const table of document.querySelectorAll("table.rows")) sortable(table);
