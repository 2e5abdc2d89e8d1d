/* Adds sorting and filtering to the table of repositories. */
(() => {
  for (const each of document.querySelectorAll(".repos, .shared, .moves")) keepMeaning(each);
  const table = $("repos");
  if (!table) return;
  const form = $("filters");
  const found = $("found");
  const body = table.tBodies[0];
  const heads = [...table.tHead.querySelectorAll("[data-sort]")];
  const rows = [...body.rows].map((row, order) => ({ row, order, values: [...row.cells].map((cell) => cell.dataset.v) }));
  let column = -1;
  let falls = false;

  const compare = (a, b) => {
    const [one, two] = [a.values[column], b.values[column]];
    const order = heads[column].dataset.sort === "text" ? byName.compare(one, two) : Number(one) - Number(two);
    return (falls ? -order : order) || a.order - b.order;
  };
  const draw = () => {
    const given = new FormData(form);
    const words = wordsOf(given.get("q"));
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
    const button = make("button", head.textContent, { type: "button" });
    button.addEventListener("click", () => {
      // Figures begin with the largest, names and scores with the smallest.
      falls = column === index ? !falls : index > 1;
      column = index;
      draw();
    });
    head.replaceChildren(button);
  });
  form.addEventListener("input", later(draw));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { column = -1; setTimeout(draw); });
  form.hidden = false;
})();
