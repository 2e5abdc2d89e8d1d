/* The hotspot map: folders as circles around their files, packed by d3-hierarchy. It can be clicked, and is a tree for
   the keyboard: one of its circles at a time can be reached with Tab, the arrow keys move on to the others. */
const hotspotMap = () => {
  const svg = $("map");
  if (!svg) return;
  const SIDE = 1000;
  // Between circles of the outermost folder, of those in it, and so on, in units of the map.
  const PADDING = [7, 4, 2.4, 1.5, 0.9];
  // A file with a smaller part of all lines is drawn at this size, so that it can be seen and hit.
  const SMALLEST = 2e-5;
  const data = JSON.parse($("map-data").textContent);
  const { tree, files } = readHotspots(data);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const root = d3Hierarchy.hierarchy(tree)
    .sum((part) => (part.lines ? Math.max(part.lines, lines * SMALLEST) : 0))
    .sort((one, other) => other.value - one.value);
  d3Hierarchy.pack().size([SIDE, SIDE]).padding(({ depth }) => PADDING[Math.min(depth, PADDING.length - 1)])(root);

  const of = new Map();
  const nodeOf = new Map();
  const styleOf = (node) => {
    if (node.children) return "d";
    return node.data.rest ? "r" : `f p${data.steps.filter((least) => node.data.points >= least).length}`;
  };
  root.eachAfter((node) => {
    const parts = node.children || [];
    for (const key of ["files", "lines", "points"]) node[key] = parts.reduce((sum, part) => sum + part[key], node.data[key] || 0);
  });
  root.eachBefore((node) => {
    node.circle = drawn("circle", { class: styleOf(node), cx: node.x.toFixed(2), cy: node.y.toFixed(2), r: node.r.toFixed(2) });
    of.set(node.circle, node);
    nodeOf.set(node.data, node);
    $("circles").append(node.circle);
  });

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const panel = $("file");
  const WHOLE = [0, 0, SIDE];
  let focus = root;
  let current = root;
  let chosen = null;
  let view = WHOLE;
  let frame = 0;

  const pathOf = (node) => node.ancestors().reverse().map((part) => part.data.name).filter(Boolean).join("/");
  const describe = (node) => {
    const size = `${plural(node.lines, "line")}, ${plural(node.points, "point")}`;
    if (node.data.rest) return `${pathOf(node) || "top level"}: ${plural(node.files, "smaller file")}, ${size}`;
    if (node.children) return `${pathOf(node) || "Everything"}: ${plural(node.files, "file")}, ${size}`;
    const complexity = node.data.most ? `, complexity ${node.data.complexity}` : "";
    return `${pathOf(node)}: ${size}${complexity}, ${plural(node.data.revisions, "revision")}`;
  };
  const tell = (node) => { $("told").replaceChildren(...path(describe(node))); };
  // One pixel of the screen in units of the map, however far it is zoomed.
  const pixel = () => view[2] / (svg.clientWidth || 600);

  const label = (node) => {
    const unit = 13 * pixel();
    const room = Math.floor((node.r * (node.children ? 2.4 : 1.9)) / (unit * 0.6));
    const name = node.data.name;
    if (!name || room < Math.min(4, name.length)) return null;
    const text = drawn("text", { x: node.x, y: (node.children ? node.y - node.r : node.y) + unit * 0.35 },
      name.length <= room ? name : `${name.slice(0, room - 1)}…`);
    text.style.fontSize = `${unit}px`;
    of.set(text, node);
    return text;
  };
  const ring = (node, style) =>
    drawn("circle", { class: style, cx: node.x, cy: node.y, r: Math.max(node.r, 5 * pixel()) + 1.5 * pixel() });
  const bow = (from, to) => {
    const [x, y] = [(from.x + to.x) / 2 + (to.y - from.y) / 6, (from.y + to.y) / 2 - (to.x - from.x) / 6];
    const d = `M${from.x} ${from.y}Q${x} ${y} ${to.x} ${to.y}`;
    return [drawn("path", { class: "halo", d }), drawn("path", { class: "bow", d })];
  };
  const overlay = () => {
    $("labels").replaceChildren(...(focus.children || []).map(label).filter(Boolean));
    const coupled = (chosen?.data.coupled || []).filter(({ file }) => file).map(({ file }) => nodeOf.get(file));
    $("marks").replaceChildren(...coupled.flatMap((node) => bow(chosen, node)), ...coupled.map((node) => ring(node, "coupled")),
      ...(chosen ? [ring(chosen, "chosen")] : []));
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
      else overlay();
    };
    $("labels").replaceChildren();
    $("marks").replaceChildren();
    step(start);
  };
  const crumbs = () => {
    $("crumbs").replaceChildren(...focus.ancestors().reverse().flatMap((node) => {
      const name = node.data.name || "all files";
      if (node === focus) return [make("b", name)];
      const button = make("button", name, { type: "button" });
      button.addEventListener("click", () => { zoom(node); goTo(node); });
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

  const ATTRIBUTES = ["tabindex", "role", "aria-label", "aria-level", "aria-setsize", "aria-posinset", "aria-expanded", "aria-selected"];
  const moveTo = (node) => {
    for (const name of ATTRIBUTES) current.circle.removeAttribute(name);
    current = node;
    const around = node.parent ? node.parent.children : [node];
    const state = node.children ? { "aria-expanded": focus.ancestors().includes(node) } : { "aria-selected": node === chosen };
    withAttributes(node.circle, "", { tabindex: 0, role: "treeitem", "aria-label": describe(node), "aria-level": node.depth + 1,
      "aria-setsize": around.length, "aria-posinset": around.indexOf(node) + 1, ...state });
  };
  const goTo = (node) => {
    moveTo(node);
    node.circle.focus({ preventScroll: true });
    tell(node);
  };
  const close = () => {
    const held = panel.contains(document.activeElement);
    chosen = null;
    panel.hidden = true;
    overlay();
    if (held) goTo(current);
    else moveTo(current);
  };
  const choose = (node) => {
    chosen = node;
    let around = focus;
    while (!node.ancestors().includes(around)) around = around.parent;
    if (around === focus) overlay();
    else zoom(around);
    moveTo(node);
    tell(node);
    const go = (file) => { choose(nodeOf.get(file)); panel.focus({ preventScroll: true }); };
    fillPanel(panel, node.data, { pathOf: (file) => pathOf(nodeOf.get(file)), go, close, weaker: data.weaker });
    panel.hidden = false;
    panel.scrollIntoView({ block: "nearest" });
  };

  const enter = () => {
    if (current.children) {
      if (!focus.ancestors().includes(current)) zoom(current);
      goTo(current.children[0]);
    }
  };
  const leave = () => {
    if (current !== focus && current.parent !== focus) { goTo(current.parent); return; }
    const left = focus;
    if (left === root) { goTo(root); return; }
    zoom(left.parent);
    goTo(left);
  };
  const act = () => {
    if (current.children) enter();
    else if (!current.data.rest) { choose(current); panel.focus({ preventScroll: true }); }
  };
  const walk = (step) => {
    if (current === root) { enter(); return; }
    const around = current.parent.children;
    goTo(around[(around.indexOf(current) + step + around.length) % around.length]);
  };
  const end = (last) => {
    const around = (current.parent || root).children;
    goTo(around[last ? around.length - 1 : 0]);
  };
  const KEYS = {
    ArrowDown: () => walk(1), ArrowUp: () => walk(-1), ArrowRight: enter, ArrowLeft: leave, Enter: act, " ": act,
    Escape: () => (chosen ? close() : leave()), Backspace: leave, Home: () => end(false), End: () => end(true),
  };
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  svg.addEventListener("click", (event) => {
    const node = of.get(event.target);
    if (node && !node.children && !node.data.rest) { choose(node); return; }
    const target = !node || node === focus ? focus.parent || root : node.children ? node : node.parent;
    if (target !== focus) { zoom(target); moveTo(target); }
    if (node) tell(node);
  });
  svg.addEventListener("pointerover", (event) => tell(of.get(event.target) || focus));
  svg.addEventListener("pointerleave", () => tell(document.activeElement === current.circle ? current : chosen || focus));
  svg.addEventListener("focusin", () => tell(current));
  $("zoom-out").addEventListener("click", () => {
    zoom(focus.parent);
    // The button is gone at the top, and must not take the focus with it.
    if (focus === root) goTo(root);
    else moveTo(focus);
  });
  addEventListener("resize", later(overlay));

  /* Files whose path holds every word stand out; the first of them, the most points first, are offered by name. */
  const OFFERED = 5;
  const leaves = root.leaves().filter((node) => !node.data.rest).map((node) => ({ node, text: pathOf(node).toLowerCase() }));
  const hits = () => {
    const words = wordsOf($("map-q").value);
    return words.length ? leaves.filter(({ text }) => words.every((word) => text.includes(word))).map(({ node }) => node)
      .sort((one, other) => other.data.points - one.data.points || other.value - one.value) : [];
  };
  const search = () => {
    const found = hits();
    const asked = wordsOf($("map-q").value).length > 0;
    const among = new Set(found);
    for (const { node } of leaves) node.circle.classList.toggle("hit", among.has(node));
    svg.classList.toggle("searching", asked);
    $("map-hits").hidden = !found.length;
    $("map-hits").replaceChildren(...found.slice(0, OFFERED).map((node) => {
      const button = holding(make("button", "", { type: "button", class: "go" }), ...path(pathOf(node)));
      button.addEventListener("click", () => { choose(node); panel.focus({ preventScroll: true }); });
      return holding(make("li"), button);
    }));
    if (asked) $("told").textContent = `${plural(found.length, "file")} found${found.length > OFFERED ? `, the first ${OFFERED} by name` : ""}`;
  };
  $("map-q").addEventListener("input", later(search));
  // The list shows while the search has the focus, which some browsers take away before a click on a button.
  $("map-hits").addEventListener("mousedown", (event) => event.preventDefault());
  $("map-search").addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = hits();
    if (first) { choose(first); panel.focus({ preventScroll: true }); }
  });

  /* A file in a table leads to its circle. */
  for (const place of document.querySelectorAll("[data-f]")) {
    const button = holding(make("button", "", { type: "button", class: "go" }), ...path(place.textContent));
    button.addEventListener("click", () => {
      choose(nodeOf.get(files[place.dataset.f]));
      svg.scrollIntoView({ block: "nearest" });
      panel.focus({ preventScroll: true });
    });
    place.replaceChildren(button);
  }
  $("map-off").hidden = true;
  $("map-box").hidden = false;
  moveTo(root);
  zoom(root);
};
hotspotMap();
