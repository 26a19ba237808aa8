// Small parts that need a script: the toast and a download from text.
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
