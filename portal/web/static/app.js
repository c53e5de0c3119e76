// Small comforts. Every page does its work without this file.

const press = (key, does) => document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === key && !event.ctrlKey && !event.metaKey && !event.altKey) does(event, typing);
});

// "/" leads to the search; Escape closes what is open and gives the focus back.
press("/", (event, typing) => {
  const search = document.getElementById("search");
  if (typing || !search) return;
  event.preventDefault();
  search.focus();
});
press("Escape", () => {
  for (const open of document.querySelectorAll("details[data-menu][open]")) {
    open.open = false;
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details[data-menu][open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  event.target.closest("[data-close]")?.closest(".note")?.remove();
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  if (!add && !remove) return;
  event.preventDefault();
  if (add) addRow(add.closest("[data-grid]")).querySelector("input:not([type=hidden]), select").focus();
  else removeRow(remove.closest("[data-row]"));
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A problem is told first: its summary takes the focus when the page, or a piece of it, arrives.
const tell = (root) => root.querySelector("[data-focus]")?.focus();
tell(document);
document.addEventListener("htmx:load", (event) => event.target !== document.body && tell(event.target));

// A document that somebody asked for and waited for opens by itself.
document.addEventListener("htmx:load", (event) => event.target.querySelector?.("[data-arrived]")?.click());

// An answer that asks for more opens the part that it names.
document.addEventListener("htmx:load", (event) => {
  const part = event.target.dataset?.opens && document.getElementById(event.target.dataset.opens);
  if (part) part.open = true;
});

// No answer, or one that is not ours (a proxy's, say): a note instead of a piece of page.
const unreachable = () => document.getElementById("notes")
  .replaceChildren(document.getElementById("unreachable").content.cloneNode(true));
document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, isError } = event.detail;
  if (!isError || (xhr.getResponseHeader("content-type") ?? "").startsWith("text/html")) return;
  event.detail.shouldSwap = false;
  unreachable();
});

// Grids of lines ------------------------------------------------------------------------------------------------

const rows = (grid) => [...grid.querySelectorAll("tbody [data-row]")];
const wrongOf = (row) => (row.nextElementSibling?.matches("[data-wrong]") ? row.nextElementSibling : null);
const cells = (row) => [...row.querySelectorAll("input:not([type=hidden]), select")].filter((cell) => cell.offsetParent);

function addRow(grid) {
  const row = grid.querySelector("template").content.querySelector("[data-row]").cloneNode(true);
  const last = rows(grid).at(-1);
  grid.querySelector("tbody").append(row);
  number(grid);
  if (last) carry(last, row);
  window.htmx?.process(row);
  return row;
}

// A new line begins with the unit, the tax and the day of the one above it; what it is about, and of which kind, is
// chosen anew.
function carry(from, to) {
  const own = "[name$='.kind'], [name$='.match_basis'], [name$='.price_unit'], [name$='.free_of_charge']";
  const kept = `select:not(${own}), [type=date], [name$='.tax_rate']`;
  const before = [...from.querySelectorAll(kept)];
  [...to.querySelectorAll(kept)].forEach((cell, index) => suggest(cell, before[index].value));
}

// A suggested value may be suggested anew; one that somebody typed or chose is left alone.
const suggest = (cell, value) => { cell.value = cell.dataset.suggested = value; };
const isTyped = (cell) => cell.value && cell.value !== cell.dataset.suggested;

function put(cell, value) {
  if (cell.options && ![...cell.options].some((option) => option.value === value)) cell.add(new Option(value));
  suggest(cell, value);
}

function removeRow(row) {
  const grid = row.closest("[data-grid]");
  const place = rows(grid).indexOf(row);
  const next = rows(grid)[place + 1] ?? rows(grid)[place - 1] ?? addRow(grid);
  wrongOf(row)?.remove();
  row.remove();
  number(grid);
  cells(next)[0].focus();
  grid.dispatchEvent(new Event("change", { bubbles: true }));
}

// The server knows what an item's number stands for, and suggests the line's other fields: once for each item, so that
// what was emptied stays empty. A price and its basis are suggested together or not at all, as are tax and its rate.
const together = [["description"], ["unit"], ["tax_rate", "tax_category"], ["unit_price", "base_quantity", "price_unit"]];

document.addEventListener("fill", (event) => {
  const row = event.target.closest("[data-row]");
  const named = (name) => row.querySelector(`[name$='.${name}']`);
  const given = Object.fromEntries(Object.entries(event.detail).map(([name, value]) => [name.split(".").at(-1), value]));
  if (!("filled" in given) || named("filled").value === given.filled) return;
  named("filled").value = given.filled;
  for (const cell of row.querySelectorAll("input[data-suggested]:not([type=date])")) if (!isTyped(cell)) suggest(cell, "");
  for (const group of together) {
    const asked = group[0] === "tax_rate" ? ["tax_rate"] : group;
    if (asked.some((name) => isTyped(named(name)))) continue;
    for (const name of group.filter((each) => each in given)) put(named(name), given[name]);
  }
  const extras = event.target.form.querySelector("[data-extras]");
  if (extras && (given.base_quantity || given.price_unit)) extras.checked = true;
  row.dispatchEvent(new Event("change", { bubbles: true }));
});

// An answer that differs from what was ordered is a change, and one that does not any more is none: the choice follows.
document.addEventListener("input", (event) => {
  const choice = event.target.closest("[data-answer]")?.querySelector("select");
  if (!choice || choice.value === "7" || !("ordered" in event.target.dataset)) return;
  const same = (cell) => cell.value.trim() === cell.dataset.ordered
    || (cell.type !== "date" && cell.value.trim() !== "" && Number(cell.value) === Number(cell.dataset.ordered));
  choice.value = [...choice.closest("tr").querySelectorAll("[data-ordered]")].every(same) ? "5" : "3";
});

const numbered = "[name], [id], [value], [aria-describedby], [aria-label]";

// Rows are numbered anew, names and labels with them, so that the server reads them as they stand.
function number(grid) {
  const prefix = grid.dataset.grid;
  const parts = new RegExp(`^(f-)?${prefix}([.-])(\\d+|__row__)(?=[.-]|$)`);
  rows(grid).forEach((row, index) => {
    const found = [row, wrongOf(row)].map((part) => [...(part?.querySelectorAll(numbered) ?? [])]);
    for (const element of found.flat()) {
      for (const name of ["name", "id", "aria-describedby", ...(element.matches("[data-remove]") ? ["value"] : [])]) {
        const now = element.getAttribute(name);
        if (now) element.setAttribute(name, now.replace(parts, `$1${prefix}$2${index}`));
      }
      const label = element.getAttribute("aria-label");
      if (label) element.setAttribute("aria-label", label.replace(/__line__|\d+(?=\D*$)/, index + 1));
    }
    row.querySelector("[data-number]").textContent = index + 1;
  });
}

// Enter goes one line down in the same column, as in a spreadsheet; on the last line it begins a new one.
press("Enter", (event, cell) => {
  const grid = cell?.closest("[data-grid]");
  if (!grid || event.shiftKey || cell.matches("button, select")) return;
  event.preventDefault();
  const row = cell.closest("[data-row]");
  const column = cells(row).indexOf(cell);
  const next = rows(grid)[rows(grid).indexOf(row) + 1] ?? (grid.querySelector("template") && addRow(grid));
  if (next) cells(next)[column].focus();
});

// Cells copied from a spreadsheet fill the grid from the cell that has the focus, down and to the right.
document.addEventListener("paste", (event) => {
  const start = event.target.closest?.("[data-grid] input, [data-grid] select");
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
  if (!start || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const grid = start.closest("[data-grid]");
  const first = rows(grid).indexOf(start.closest("[data-row]"));
  const column = cells(start.closest("[data-row]")).indexOf(start);
  text.split("\n").forEach((line, down) => {
    const row = rows(grid)[first + down] ?? (grid.querySelector("template") && addRow(grid));
    if (row) line.split("\t").forEach((value, right) => fill(cells(row)[column + right], value.trim()));
  });
});

function fill(cell, value) {
  if (!cell) return;
  const means = (option) => [option.value, option.text.trim(), option.text.split(" · ")[0].trim()].includes(value);
  const option = cell.options && [...cell.options].find(means);
  if (cell.options && !option) return;
  cell.value = option ? option.value : value;
  for (const name of ["input", "change"]) cell.dispatchEvent(new Event(name, { bubbles: true }));
}
