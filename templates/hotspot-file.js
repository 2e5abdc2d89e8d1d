/* The data of the hotspot map, and the panel with the figures of one file. All names in the data are harmless text.
   tree: a folder is [name, [children]], those files of a folder that are too many to draw are [number, lines, points],
   and a file is [name, lines, points, complexity, complexity of its largest function, that function, revisions, authors,
   fixes, commits a month, main author, share in percent, authors ever, authors gone]: what is 0 at its end is left out,
   files are numbered as they come, the main author counts from 1 within people, and commits a month are a list or,
   where none is over 35, one digit of base 36 each.
   hotspots: [file, function, line, complexity, points, reason, [complexity a month]].
   couplings: [one, other, together, revisions of one, revisions of the other], with a path for what is not drawn;
   weaker: how many further ones there are. */
const readHotspots = (data) => {
  const files = [];
  const file = ([name, lines, points = 0, complexity = 0, most = 0, largest = "", revisions = 0, authors = 0, fixes = 0,
    months = "", person = 0, share = 0, ever = 0, gone = 0]) => {
    const found = { name, files: 1, lines, points, complexity, most, largest, revisions, authors, fixes, share, ever, gone,
      months: Array.from(months, (commits) => typeof commits === "string" ? parseInt(commits, 36) : commits), author: data.people[person - 1], hotspots: [], coupled: [] };
    files.push(found);
    return found;
  };
  const read = (row) => {
    if (Array.isArray(row[1])) return { name: row[0], children: row[1].map(read) };
    if (typeof row[0] === "number") return { name: "", rest: true, files: row[0], lines: row[1], points: row[2] };
    return file(row);
  };
  const tree = read(data.tree);
  for (const [number, name, line, complexity, points, reason, months] of data.hotspots) {
    files[number].hotspots.push({ name, line, complexity, points, reason, months });
  }
  const couple = (from, to, together, revisions) => {
    if (typeof from !== "number") return;
    files[from].coupled.push({ file: files[to], other: to, together, revisions });
  };
  for (const [one, other, together, ofOne, ofOther] of data.couplings) {
    couple(one, other, together, ofOne);
    couple(other, one, together, ofOther);
  }
  return { tree, files };
};

/* Bars, one a month, as the tables have them. */
const sparkOf = (what, months) => {
  const most = Math.max(0, ...months);
  if (!most) return "";
  const said = months.map((figure) => figure ?? "–").join(", ");
  const chart = drawn("svg", { class: "spark", width: months.length * 6, height: 20, role: "img",
    "aria-label": `${what} a month, oldest first: ${said}` });
  const bar = (figure, at) => (figure ? `M${at * 6} 20v-${Math.max(1, Math.round((20 * figure) / most))}h5V20` : "");
  return holding(chart, drawn("path", { d: months.map(bar).join("") }));
};

/* `pathOf` names a file, `go` shows another one, `close` closes the panel, `weaker` is of the data. */
const fillPanel = (panel, file, { pathOf, go, close, weaker }) => {
  const figure = (title, ...value) =>
    holding(make("div"), make("dt", title), holding(make("dd"), ...value.filter((part) => part !== "")));
  const small = (text) => make("small", text);
  const figures = () => {
    const density = Math.round((100000 * file.fixes) / file.lines) / 100;
    return holding(make("dl", "", { class: "figures" }),
      figure("Points", file.points.toLocaleString("en")),
      figure("Lines of code", file.lines.toLocaleString("en")),
      figure("Complexity", file.most ? file.complexity.toLocaleString("en") : "none measured"),
      figure("Most complex function", ...(file.most ? [String(file.most), make("code", file.largest)] : ["none measured"])),
      figure("Revisions", String(file.revisions), sparkOf("Commits", file.months)),
      figure("Authors", String(file.authors), small("in the window")),
      figure("Fixes", String(file.fixes), small(`${density} for 1,000 lines`)),
      figure("Main author", ...(file.author ? [file.author, small(`${file.share} % of its commits`)] : ["not known"])),
      figure("Authors ever", ...(file.ever ? [String(file.ever), small(`${file.gone} gone`)] : ["not known"])));
  };
  const hotspots = () => {
    if (!file.hotspots.length) return [];
    const list = make("ul", "", { class: "spots" });
    for (const spot of file.hotspots) {
      const name = make("code", spot.name);
      const said = ` line ${spot.line}, ${plural(spot.points, "point")}, complexity ${spot.complexity} `;
      list.append(holding(make("li"), name, said, sparkOf("Complexity", spot.months), make("span", spot.reason, { class: "why" })));
    }
    return [make("h4", "Hotspots in it"), list];
  };
  const couplings = () => {
    if (!file.coupled.length) {
      const among = weaker ? ", or too seldom to stand among the strongest pairs" : "";
      return [make("p", `No file of another folder keeps changing together with it${among}.`, { class: "dim" })];
    }
    const list = make("ul", "", { class: "spots" });
    for (const { file: other, other: named, together, revisions } of file.coupled) {
      const name = other ? make("button", "", { type: "button", class: "go" }) : make("code");
      name.append(...path(other ? pathOf(other) : named));
      if (other) name.addEventListener("click", () => go(other));
      const share = Math.round((100 * together) / revisions);
      const said = `in ${together} of ${plural(revisions, "commit")}, ${share} %${other ? "" : "; not on the map"}`;
      list.append(holding(make("li"), name, make("span", said, { class: "why" })));
    }
    return [make("h4", "Changes together with"), list];
  };
  const button = make("button", "Close", { type: "button" });
  button.addEventListener("click", close);
  const head = holding(make("div", "", { class: "file-head" }), holding(make("h3"), ...path(pathOf(file))), button);
  panel.replaceChildren(head, figures(), ...hotspots(), ...couplings());
};
