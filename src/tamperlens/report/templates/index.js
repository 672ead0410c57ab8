"use strict";
const body = document.querySelector("#files tbody"), rows = [...body.rows];
const chosen = (id) => (document.getElementById(id) || { value: "" }).value;

function filter() {
  const text = chosen("text").toLowerCase(), priority = chosen("priority"), folder = chosen("folder");
  const copies = document.getElementById("copies").checked;
  let shown = 0;
  for (const row of rows) {
    row.hidden = (priority && row.dataset.priority !== priority) || (folder && row.dataset.folder !== folder)
      || (copies && row.dataset.copies === undefined) || !row.textContent.toLowerCase().includes(text);
    shown += !row.hidden;
  }
  document.getElementById("count").textContent = shown === rows.length ? "" : shown + " of " + rows.length;
}
for (const id of ["text", "priority", "folder", "copies"]) document.getElementById(id)?.addEventListener("input", filter);

// A second click turns the order round; what a cell says wins over its text where it has an order of its own.
const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
for (const button of document.querySelectorAll("th button")) button.addEventListener("click", () => {
  const head = button.closest("th"), column = Number(button.dataset.column);
  const up = head.getAttribute("aria-sort") !== "ascending";
  for (const other of document.querySelectorAll("th")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const order = new Intl.Collator("en", { numeric: true });
  const compare = (one, other) => { const [a, b] = [key(one, column), key(other, column)]; return a !== "" && b !== "" && !isNaN(a) && !isNaN(b) ? a - b : order.compare(a, b); };
  rows.sort((one, other) => (up ? compare(one, other) : compare(other, one)));
  body.append(...rows);
});
