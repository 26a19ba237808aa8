// Small parts that need a script: the toast, a download from text, regions that scroll by themselves.
export function toast(text, action, undo) {
  document.querySelector(".toast")?.remove();
  const box = document.createElement("div");
  box.className = "toast";
  box.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = action;
    button.addEventListener("click", () => {
      undo();
      box.remove();
    });
    box.append(button);
  }
  document.body.append(box);
  const leave = () => setTimeout(() => box.matches(":hover, :focus-within") ? leave() : box.remove(), 10_000);
  leave();
}

export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const labels = new WeakMap();
const sized = new ResizeObserver((records) => {
  for (const { target } of records) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      if (target.tagName !== "TABLE") target.setAttribute("role", "group");
      target.setAttribute("aria-label", labels.get(target));
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});

// What is wider than its column scrolls by itself, so it must be reachable by keyboard.
export function reachable(element, label) {
  labels.set(element, label);
  sized.observe(element);
}
