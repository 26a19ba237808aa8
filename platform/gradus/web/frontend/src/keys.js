// The list of keys, behind a button and behind "?", which can be switched off.
const off = "gradus.keys.off";

export function isOff() {
  try {
    return localStorage.getItem(off) === "1";
  } catch {
    return false;
  }
}

export function setOff(value) {
  try {
    localStorage.setItem(off, value ? "1" : "");
  } catch {
    // it holds for no longer than this page anyway
  }
}

export function keysHelp(root) {
  const dialog = root.querySelector("#keys");
  if (!dialog) return;
  const box = dialog.querySelector("[data-keys-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => setOff(!box.checked));
  for (const button of root.querySelectorAll("[data-keys]")) button.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable=true]");
    if (event.key !== "?" || isTyping || !box.checked || dialog.open || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.showModal();
  });
}
