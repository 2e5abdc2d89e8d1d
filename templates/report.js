/* Adds to the report what a page without scripts cannot do: sorting and filtering findings, searching the inventory. */
(() => {
  /* Findings: the state lives in the fragment, "#findings?group=docker&sort=-points", so that a view can be linked. */
  const findings = () => {
    const table = $("list");
    if (!table) return;
    const STEP = 200;
    const LEVELS = ["low", "medium", "high", "critical"];
    const form = $("filters");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, order) => {
      const [severity, found, place, points, lost] = row.cells;
      const rule = found.querySelector("a").textContent;
      return {
        row, order, rule, group: row.dataset.g,
        severity: LEVELS.indexOf(severity.firstElementChild.textContent),
        title: found.firstElementChild.textContent.toLowerCase(),
        file: place.firstElementChild.textContent.replace(/:\d+$/, ""),
        line: Number(place.firstElementChild.textContent.match(/\d+$/)[0]),
        points: Number(points.textContent),
        isNew: row.classList.contains("new"),
        text: row.textContent.toLowerCase(),
      };
    });
    keepMeaning(table);
    const ORDERS = {
      severity: (a, b) => a.severity - b.severity || a.points - b.points,
      title: (a, b) => byName.compare(a.title, b.title),
      place: (a, b) => byName.compare(a.file, b.file) || a.line - b.line,
      points: (a, b) => a.points - b.points,
    };
    const CLIMBS = new Set(["title", "place"]);
    let state = {};
    let limit = STEP;
    let shown = rows;

    const matching = () => {
      const words = wordsOf(state.q || "");
      const least = LEVELS.indexOf(state.severity || "low");
      return rows.filter((row) =>
        (!state.group || row.group === state.group) && row.severity >= least && (!state.new || row.isNew) &&
        words.every((word) => row.text.includes(word)));
    };
    const ordered = (found) => {
      const descending = (state.sort || "").startsWith("-");
      const order = ORDERS[(state.sort || "").replace(/^-/, "")];
      if (order) found.sort((a, b) => (descending ? order(b, a) : order(a, b)) || a.order - b.order);
      if (!state.files) return found;
      // Files in the order of their first finding, so that the chosen order still leads.
      const files = new Map();
      for (const row of found) files.set(row.file, [...(files.get(row.file) || []), row]);
      return [...files.values()].flat();
    };
    const fileRow = (file) => {
      const row = make("tr", "", { class: "file", role: "row" });
      row.append(make("th", file, { colspan: "5", scope: "rowgroup", role: "rowheader" }));
      return row;
    };
    const draw = () => {
      const nodes = [];
      let file = null;
      for (const row of shown.slice(0, limit)) {
        if (state.files && row.file !== file) nodes.push(fileRow(file = row.file));
        nodes.push(row.row);
      }
      body.replaceChildren(...nodes);
      const left = shown.length - limit;
      $("more").hidden = left <= 0;
      $("more-rows").textContent = `Show ${Math.min(left, STEP)} more of ${shown.length.toLocaleString("en")}`;
      for (const head of table.tHead.querySelectorAll("[data-sort]")) {
        const key = head.dataset.sort;
        if (state.sort === key) head.setAttribute("aria-sort", "ascending");
        else if (state.sort === `-${key}`) head.setAttribute("aria-sort", "descending");
        else head.removeAttribute("aria-sort");
      }
    };
    const update = () => {
      limit = STEP;
      shown = ordered(matching());
      const points = shown.reduce((sum, row) => sum + row.points, 0);
      const of = shown.length === rows.length ? plural(rows.length, "finding") :
        `${shown.length.toLocaleString("en")} of ${plural(rows.length, "finding")}`;
      $("shown").textContent = `${of}, ${plural(points, "point")} together.`;
      draw();
    };
    const remember = () => {
      const query = new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
      history.replaceState(null, "", query ? `#findings?${query}` : "#findings");
    };
    const read = () => {
      const given = new FormData(form);
      state = { ...state, q: given.get("q"), group: given.get("group"), severity: given.get("severity"),
        new: given.get("new") ? "1" : "", files: given.get("files") ? "1" : "" };
      update();
      remember();
    };
    const fill = () => {
      form.elements.q.value = state.q || "";
      for (const key of ["group", "severity"]) {
        form.elements[key].value = state[key] || "";
        if (form.elements[key].selectedIndex < 0) form.elements[key].value = state[key] = "";
      }
      if (form.elements.new) form.elements.new.checked = Boolean(state.new);
      form.elements.files.checked = Boolean(state.files);
    };
    const reveal = (row) => {
      if (!shown.includes(row)) { state = {}; fill(); update(); }
      limit = Math.max(limit, shown.indexOf(row) + 1);
      draw();
      for (const other of rows) other.row.classList.toggle("at", other === row);
      row.row.scrollIntoView({ block: "center" });
    };
    const follow = () => {
      const fragment = location.hash.slice(1);
      if (fragment.startsWith("f-")) {
        const row = rows.find((candidate) => candidate.row.id === fragment);
        if (row) reveal(row);
      } else if (fragment.startsWith("findings?")) {
        state = Object.fromEntries(new URLSearchParams(fragment.slice("findings?".length)));
        fill();
        update();
        $("findings").scrollIntoView();
      }
    };

    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      const key = head.dataset.sort;
      const button = make("button", head.textContent, { type: "button" });
      button.addEventListener("click", () => {
        const first = CLIMBS.has(key) ? key : `-${key}`;
        const second = CLIMBS.has(key) ? `-${key}` : key;
        state.sort = state.sort === first ? second : first;
        update();
        remember();
      });
      head.replaceChildren(button);
    }
    const typed = later(read);
    form.addEventListener("input", (event) => (event.target.type === "search" ? typed() : read()));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => { state = {}; setTimeout(read); });
    $("more-rows").addEventListener("click", () => { limit += STEP; draw(); });
    addEventListener("hashchange", follow);
    addEventListener("beforeprint", () => { limit = Infinity; draw(); });
    addEventListener("afterprint", () => { limit = STEP; draw(); });
    form.hidden = false;
    update();
    follow();
  };

  const inventory = () => {
    const form = $("find");
    if (!form) return;
    const worlds = [...document.querySelectorAll("details.world")].map((world) => ({
      world, wasOpen: world.open,
      rows: [...world.querySelectorAll("tbody tr")].map((row) => ({ row, text: row.textContent.toLowerCase() })),
    }));
    const search = () => {
      const words = wordsOf(form.elements.q.value);
      for (const { world, rows } of worlds) {
        let found = 0;
        for (const { row, text } of rows) {
          row.hidden = !words.every((word) => text.includes(word));
          found += row.hidden ? 0 : 1;
        }
        world.hidden = found === 0 && words.length > 0;
        world.open = words.length > 0 && found > 0;
      }
    };
    form.addEventListener("input", later(search));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
  };

  findings();
  inventory();
})();
