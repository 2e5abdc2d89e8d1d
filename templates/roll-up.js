"use strict";
/* Adds sorting and filtering to the table of repositories. It only moves what is there and writes text, never markup,
   and the page's policy (trusted types) holds it to that. */
(() => {
  // A narrow window lays rows out as blocks, which would take away their meaning for screen readers.
  for (const each of document.querySelectorAll(".repos, .shared, .moves")) {
    each.setAttribute("role", "table");
    for (const row of each.rows) {
      const heads = row.parentNode === each.tHead;
      row.parentNode.setAttribute("role", "rowgroup");
      row.setAttribute("role", "row");
      for (const cell of row.cells) cell.setAttribute("role", heads ? "columnheader" : cell.tagName === "TH" ? "rowheader" : "cell");
    }
  }

  const table = document.getElementById("repos");
  if (!table) return;
  const form = document.getElementById("filters");
  const found = document.getElementById("found");
  const body = table.tBodies[0];
  const heads = [...table.tHead.querySelectorAll("[data-sort]")];
  const rows = [...body.rows].map((row, order) => ({ row, order, values: [...row.cells].map((cell) => cell.dataset.v) }));
  const byName = new Intl.Collator("en", { numeric: true });
  let column = -1;
  let falls = false;

  const compare = (a, b) => {
    const [one, two] = [a.values[column], b.values[column]];
    const order = heads[column].dataset.sort === "text" ? byName.compare(one, two) : Number(one) - Number(two);
    return (falls ? -order : order) || a.order - b.order;
  };
  const draw = () => {
    const given = new FormData(form);
    const words = given.get("q").toLowerCase().split(/\s+/).filter(Boolean);
    const shown = rows.filter(({ row, values }) =>
      (!given.get("grade") || row.dataset.g === given.get("grade")) &&
      words.every((word) => values[0].toLowerCase().includes(word)));
    if (column >= 0) shown.sort(compare);
    body.replaceChildren(...shown.map(({ row }) => row));
    const all = `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "repository" : "repositories"}`;
    const order = column < 0 ? ", the worst first" : "";
    found.textContent = `${shown.length === rows.length ? all : `${shown.length.toLocaleString("en")} of ${all}`}${order}.`;
    heads.forEach((head, index) => {
      if (index === column) head.setAttribute("aria-sort", falls ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };

  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      // Figures begin with the largest, names and scores with the smallest.
      falls = column === index ? !falls : index > 1;
      column = index;
      draw();
    });
    head.replaceChildren(button);
  });
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(draw, 120); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { column = -1; setTimeout(draw); });
  form.hidden = false;
})();
