// Width of the statement: pointer or keys on the separator; remembered in this browser.
const key = "gradus.split";
const first = 42;
const least = 25;
const most = 70;

function remembered() {
  try {
    return Number(localStorage.getItem(key));
  } catch {
    return 0;
  }
}

function remember(share) {
  try {
    localStorage.setItem(key, share);
  } catch {
    // it holds until the page is left
  }
}

export function splitPanes(root) {
  for (const grip of root.querySelectorAll(".grip")) {
    const pane = grip.parentElement;
    const now = () => Number(grip.getAttribute("aria-valuenow"));
    const set = (value) => {
      const share = Math.min(most, Math.max(least, Math.round(value)));
      grip.setAttribute("aria-valuenow", share);
      grip.setAttribute("aria-valuetext", `${share} %`);
      pane.style.setProperty("--split", share);
      remember(share);
    };
    set(remembered() || first);
    const isTurned = getComputedStyle(pane).direction === "rtl";
    grip.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
      const to = { Home: least, End: most, Enter: first }[event.key] ?? (step && now() + (isTurned ? -step : step));
      if (to === undefined) return;
      event.preventDefault();
      set(to);
    });
    grip.addEventListener("dblclick", () => set(first));
    grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const box = pane.getBoundingClientRect();
      set((100 * (isTurned ? box.right - event.clientX : event.clientX - box.left)) / box.width);
    });
  }
}
