"use strict";
for (const table of document.querySelectorAll("table[data-sorts]")) {
  const body = table.tBodies[0];
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();
      const rows = [...body.rows].sort((a, b) =>
        key(a).localeCompare(key(b), undefined, { numeric: true }) * (down ? -1 : 1));
      body.append(...rows);
    });
  }
}
const bar = document.getElementById("filters");
if (bar) {
  bar.hidden = false;
  const text = document.getElementById("filter-text");
  const severity = document.getElementById("filter-severity");
  const shown = document.getElementById("filter-count");
  const rows = [...document.querySelectorAll("tr[data-severity]")];
  const apply = () => {
    const wanted = text.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = (!severity.value || row.dataset.severity === severity.value)
        && (!wanted || row.textContent.toLocaleLowerCase().includes(wanted));
      row.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const section of document.querySelectorAll("section[data-entity]")) {
      section.hidden = !section.querySelector("tr[data-severity]:not([hidden])");
    }
    shown.textContent = `${count} / ${rows.length}`;
  };
  text.addEventListener("input", apply);
  severity.addEventListener("change", apply);
  apply();
}
