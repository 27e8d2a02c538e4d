"use strict";
// Tables are sorted by the column whose heading is pressed.
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

// What stands on an account is folded under it; on a telephone it begins so.
const accounts = [...document.querySelectorAll("tbody[data-account]")];
const fold = (account, isFolded) => {
  account.toggleAttribute("data-folded", isFolded);
  account.querySelector(".group button").setAttribute("aria-expanded", String(!isFolded));
};
const isNarrow = matchMedia("(max-width: 699.98px)").matches;
for (const account of accounts) {
  const name = account.querySelector(".account");
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", name.textContent.trim());
  button.addEventListener("click", () => {
    const isOpen = !account.hasAttribute("data-folded") || account.classList.contains("opened");
    account.classList.remove("opened");
    fold(account, isOpen);
  });
  name.before(button);
  fold(account, isNarrow);
}

// Accents and case are no matter where somebody looks for a name.
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ħ: "h", "’": "'" };
const plain = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase()
  .replace(/[ßæœøłđðþıħ’]/g, (letter) => LETTERS[letter]).replace(/\s+/g, " ").trim();

const bar = document.getElementById("filters");
const fields = bar ? {
  q: document.getElementById("filter-text"),
  severity: document.getElementById("filter-severity"),
  status: document.getElementById("filter-status"),
} : {};
const rows = [...document.querySelectorAll("section[data-entity] tr.finding")].map((element) => {
  const section = element.closest("section");
  const texts = [section.querySelector("h3"), section.querySelector("[data-head]"),
    element.parentElement.querySelector(".account"), element];
  return { element, text: plain(texts.map((one) => one?.textContent ?? "").join(" ") + ` ${element.id}`) };
});
const clear = document.getElementById("filter-clear");
const isFiltered = () => Object.values(fields).some((field) => field.value.trim());

const show = () => {
  const typed = plain(fields.q.value).split(" ");
  const { severity, status } = fields;
  let count = 0;
  for (const { element, text } of rows) {
    const fits = (!severity.value || element.dataset.severity === severity.value)
      && (!status.value || element.dataset.status === status.value)
      && typed.every((word) => text.includes(word));
    element.hidden = !fits;
    count += fits ? 1 : 0;
  }
  const isActive = isFiltered();
  for (const account of accounts) {
    account.hidden = !account.querySelector(".finding:not([hidden])");
    account.classList.toggle("opened", isActive);
    account.querySelector(".group button").setAttribute("aria-expanded",
      String(isActive || !account.hasAttribute("data-folded")));
  }
  for (const section of document.querySelectorAll("section[data-entity]")) {
    section.hidden = isActive && !section.querySelector(".finding:not([hidden])");
  }
  const none = document.getElementById("filter-none");
  document.getElementById("filter-count").textContent = `${count} / ${rows.length}`;
  none.textContent = count ? "" : none.dataset.text;
  clear.hidden = !isActive;
  bar.classList.toggle("active", isActive);
};
const remember = () => {
  const state = new URLSearchParams();
  for (const [name, field] of Object.entries(fields)) if (field.value.trim()) state.set(name, field.value.trim());
  if (isFiltered() || location.hash.startsWith("#filter")) {
    history.replaceState(null, "", isFiltered() ? `#filter?${state}` : "#entities");
  }
};
const reset = () => {
  for (const field of Object.values(fields)) field.value = "";
  show();
};
const opened = () => {
  if (bar && location.hash.startsWith("#filter?")) {
    const state = new URLSearchParams(location.hash.slice("#filter?".length));
    for (const [name, field] of Object.entries(fields)) field.value = state.get(name) ?? "";
    show();
    document.getElementById("entities").scrollIntoView();
    return;
  }
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch (error) { if (!(error instanceof URIError)) throw error; }
  const target = name && document.getElementById(name);
  if (!target) return;
  const isHidden = target.closest("[hidden]");
  if (bar && isHidden) reset();
  const account = target.closest("tbody[data-account]");
  if (account) fold(account, false);
  for (let above = target; above; above = above.parentElement) if (above.tagName === "DETAILS") above.open = true;
  for (const details of target.matches(".finding, .action") ? target.querySelectorAll("details") : []) details.open = true;
  target.scrollIntoView();
};
if (bar) {
  bar.hidden = false;
  for (const field of Object.values(fields)) {
    field.addEventListener("input", () => { show(); remember(); });
  }
  clear.addEventListener("click", () => { reset(); remember(); fields.q.focus(); });
  const measure = () => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`);
  new ResizeObserver(measure).observe(bar);
  show();
}
addEventListener("hashchange", opened);
opened();

// On paper nothing is folded.
const unfolded = [];
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    unfolded.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of unfolded.splice(0)) details.open = false;
});
