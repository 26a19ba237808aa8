// The console under the editor: Enter calls, Shift Enter adds a line, arrow up brings back what was typed.
const log = document.querySelector("#console-log");
const box = document.querySelector("textarea[data-console]");

function earlier() {
  return [...log.querySelectorAll("[data-typed]")].map((element) => element.textContent);
}

function fit() {
  box.rows = Math.min(6, box.value.split("\n").length);
}

function fill(text) {
  box.value = text;
  fit();
}

function keys() {
  const panel = box.closest("details");
  let back = 0; // how many calls ago; 0 is what is being typed
  box.addEventListener("input", () => {
    back = 0;
    fit();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (box.value.trim()) box.form.querySelector("[data-call]").click();
    } else if (["ArrowUp", "ArrowDown"].includes(event.key) && (back || !box.value)) {
      const typed = earlier();
      back = Math.min(typed.length, Math.max(0, back + (event.key === "ArrowUp" ? 1 : -1)));
      fill(back ? typed[typed.length - back] : "");
      event.preventDefault();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyC" || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    panel.open = !panel.open || document.activeElement !== box;
    if (panel.open) box.focus();
  });
  // What was accepted leaves the field; what was refused stays there to be mended.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.matches("[data-call]") || !event.detail.successful) return;
    back = 0;
    fill("");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function follow() {
  log.parentElement.scrollTop = log.parentElement.scrollHeight;
}

if (box) {
  keys();
  follow();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (log.contains(event.target)) follow();
  });
}
