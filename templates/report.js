"use strict";
/* Adds what a page without scripts cannot do: sorting, filtering, searching, zooming. It only moves what is there and
   writes text, never markup, and the page's policy (trusted types) holds it to that. */
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, text = "", attributes = {}) => {
    const node = document.createElement(tag);
    node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const later = (act) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(act, 120); };
  };
  const plural = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

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
      // A narrow window lays rows out as blocks, which would take away their meaning for screen readers.
      row.setAttribute("role", "row");
      for (const cell of row.cells) cell.setAttribute("role", "cell");
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
    table.setAttribute("role", "table");
    body.setAttribute("role", "rowgroup");
    const byName = new Intl.Collator("en", { numeric: true });
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
      const words = (state.q || "").toLowerCase().split(/\s+/).filter(Boolean);
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
      const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
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

  /* The map: circles are drawn already, in the order of the tree of names. */
  const hotspotMap = () => {
    const svg = $("map");
    if (!svg) return;
    const circles = [...$("circles").children];
    const nodes = [];
    const figures = (node) => {
      if (node.folder) {
        return node.children.map((child) => child.sum).reduce(
          (all, one) => all.map((value, index) => value + one[index]), [0, 0, 0]);
      }
      if (node.rest) return node.names;
      return [1, node.names[1], node.names[4]];
    };
    const grow = (names, parent) => {
      const circle = circles[nodes.length];
      const node = { circle, parent, names, children: [], folder: circle.classList.contains("d"),
        rest: circle.classList.contains("r"), x: circle.cx.baseVal.value, y: circle.cy.baseVal.value,
        r: circle.r.baseVal.value };
      nodes.push(node);
      if (node.folder) node.children = names[1].map((child) => grow(child, node));
      node.sum = figures(node);
      return node;
    };
    const root = grow(JSON.parse($("map-names").textContent), null);
    const of = new Map(nodes.map((node) => [node.circle, node]));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const WHOLE = [0, 0, 1000];
    let focus = root;
    let current = root;
    let view = WHOLE;
    let frame = 0;

    const path = (node) => (node.parent && path(node.parent) ? `${path(node.parent)}/${node.names[0]}` : node.names[0]);
    const describe = (node) => {
      const [files, lines, points] = node.sum;
      const size = `${plural(lines, "line")}, ${plural(points, "point")}`;
      if (node.rest) return `${path(node.parent) || "top level"}: ${plural(files, "smaller file")}, ${size}`;
      if (node.folder) return `${path(node) || "Everything"}: ${plural(files, "file")}, ${size}`;
      return `${path(node)}: ${size}, complexity ${node.names[3]}, ${plural(node.names[2], "revision")}`;
    };
    const tell = (node) => { $("told").textContent = describe(node); };

    const label = (node, unit) => {
      const room = Math.floor((node.r * (node.folder ? 2.4 : 1.9)) / (unit * 0.6));
      const name = String(node.names[0]);
      if (room < Math.min(4, name.length)) return null;
      const text = document.createElementNS(svg.namespaceURI, "text");
      text.textContent = name.length <= room ? name : `${name.slice(0, room - 1)}…`;
      text.setAttribute("x", node.x);
      text.setAttribute("y", (node.folder ? node.y - node.r : node.y) + unit * 0.35);
      text.style.fontSize = `${unit}px`;
      return text;
    };
    const labels = () => {
      // 13 pixels on the screen, however far the map is zoomed.
      const unit = (13 * view[2]) / (svg.clientWidth || 600);
      const named = focus.children.filter((child) => !child.rest && (child.folder || focus !== root));
      $("labels").replaceChildren(...named.map((child) => label(child, unit)).filter(Boolean));
    };
    const show = (to) => {
      view = to;
      svg.setAttribute("viewBox", [to[0], to[1], to[2], to[2]].map((value) => value.toFixed(2)).join(" "));
    };
    const fly = (to) => {
      cancelAnimationFrame(frame);
      const from = view;
      const start = performance.now();
      const step = (now) => {
        const t = calm.matches ? 1 : Math.min(1, Math.max(0, (now - start) / 350));
        const eased = t * t * (3 - 2 * t);
        show(from.map((value, index) => value + (to[index] - value) * eased));
        if (t < 1) frame = requestAnimationFrame(step);
        else labels();
      };
      $("labels").replaceChildren();
      step(start);
    };
    const crumbs = () => {
      const trail = [];
      for (let node = focus; node; node = node.parent) trail.unshift(node);
      $("crumbs").replaceChildren(...trail.flatMap((node) => {
        const name = node === root ? root.names[0] || "all files" : String(node.names[0]);
        if (node === focus) return [make("b", name)];
        const button = make("button", name, { type: "button" });
        button.addEventListener("click", () => zoom(node));
        return [button, " / "];
      }));
      $("zoom-out").hidden = focus === root;
    };
    const zoom = (node) => {
      focus = node;
      const side = node.r * 2.12;
      fly(node === root ? WHOLE : [node.x - side / 2, node.y - side / 2, side]);
      crumbs();
      tell(node);
    };
    /* One circle at a time can be reached with Tab; the arrow keys move on to the others. */
    const moveTo = (node) => {
      current.circle.removeAttribute("tabindex");
      current = node;
      const enters = node.folder && node !== focus;
      node.circle.setAttribute("tabindex", "0");
      node.circle.setAttribute("role", enters ? "button" : "img");
      node.circle.setAttribute("aria-label", describe(node) + (enters ? ". Enter zooms in." : ""));
    };
    const goTo = (node) => {
      moveTo(node);
      node.circle.focus({ preventScroll: true });
      tell(node);
    };
    const enter = () => {
      if (current.folder && current !== focus) zoom(current);
      if (current === focus && focus.children.length) goTo(focus.children[0]);
    };
    const leave = () => {
      const left = focus;
      if (left === root) return;
      zoom(left.parent);
      goTo(left);
    };
    const walk = (step) => {
      if (current === focus) { enter(); return; }
      const around = focus.children;
      goTo(around[(around.indexOf(current) + step + around.length) % around.length]);
    };
    const KEYS = {
      ArrowRight: () => walk(1), ArrowDown: () => walk(1), ArrowLeft: () => walk(-1), ArrowUp: () => walk(-1),
      Enter: enter, " ": enter, Escape: leave, Backspace: leave,
      Home: () => goTo(focus.children[0]), End: () => goTo(focus.children[focus.children.length - 1]),
    };
    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
      event.preventDefault();
      KEYS[event.key]();
    });
    svg.addEventListener("click", (event) => {
      const node = of.get(event.target);
      const target = !node || node === focus ? focus.parent || root : node.folder ? node : node.parent;
      if (target !== focus) { zoom(target); moveTo(target); }
      if (node) tell(node);
    });
    svg.addEventListener("pointerover", (event) => tell(of.get(event.target) || focus));
    svg.addEventListener("pointerleave", () => tell(document.activeElement === current.circle ? current : focus));
    svg.addEventListener("focusin", () => tell(current));
    $("zoom-out").addEventListener("click", () => { zoom(focus.parent); moveTo(focus); });
    addEventListener("resize", later(labels));
    svg.classList.add("live");
    $("crumbs").hidden = false;
    $("keys").hidden = false;
    moveTo(root);
    zoom(root);
  };

  findings();
  inventory();
  hotspotMap();
})();
