// The list of keys, behind a button and behind "?", which can be switched off.
const off = "gradus.keys.off";

function isOff() {
  try {
    return localStorage.getItem(off) === "1";
  } catch {
    return false;
  }
}

export function keysHelp(root) {
  const dialog = root.querySelector("#keys");
  if (!dialog) return;
  const box = dialog.querySelector("[data-keys-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(off, box.checked ? "" : "1");
    } catch {
      // it holds for no longer than this page anyway
    }
  });
  for (const button of root.querySelectorAll("[data-keys]")) button.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable=true]");
    if (event.key !== "?" || isTyping || !box.checked || dialog.open || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.showModal();
  });
}
