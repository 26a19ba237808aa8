"""A hand that has a keyboard and nothing else, and an eye that must see where it is."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
# What is wrong with the place of the focus, in words; nothing: it can be seen.
SEEN = """() => {
  const at = document.activeElement;
  const ring = (element, part) => {
    const style = getComputedStyle(element, part);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const border = part && style.content !== "none" && parseFloat(style.borderTopWidth) >= 2;
    return (outline || border) && style.visibility !== "hidden" && parseFloat(style.opacity) > 0;
  };
  const name = at.outerHTML.slice(0, 160);
  const label = at.closest("label"), editor = at.closest(".editor");
  const shown = ring(at) || (label && ring(label)) || (editor && ring(editor, "::after"));
  if (!shown) return `no ring around ${name}`;
  const box = (parseFloat(getComputedStyle(at).opacity) ? at : label ?? at).getBoundingClientRect();
  const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
  const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
  if (bottom - top < 1 || right - left < 1) return `out of sight: ${name}`;
  for (const share of [0.5, 0.1, 0.9]) {
    const hit = document.elementFromPoint((left + right) / 2, top + share * (bottom - top));
    if (hit && (at.contains(hit) || hit.contains(at) || label?.contains(hit))) return "";
  }
  return `covered: ${name}`;
}"""
TRAPPED = "document.activeElement.closest('.cm-editor') !== null"


class Keys:
    """Presses keys; each stop of the focus must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def tab(self, *, back: bool = False) -> None:
        """Go to the next stop; the editor is left as its page says: Escape, then Tab."""
        if self.page.evaluate(TRAPPED):
            self.press("Escape")
        self.press("Shift+Tab" if back else "Tab")
        if self.page.evaluate("document.activeElement !== document.body"):
            wrong = self.page.evaluate(SEEN)
            assert not wrong, f"{self.page.url}: {wrong}"

    def to(self, target: Locator, *, back: bool = False) -> None:
        """Tab until the target has the focus."""
        for _ in range(MOST_STOPS):
            if target.evaluate("one => one.contains(document.activeElement)"):
                return
            self.tab(back=back)
        raise AssertionError(f"{self.page.url}: {target} cannot be reached by Tab")

    def all_stops(self) -> int:
        """Tab through a page and out of it again; how many stops there were."""
        for number in range(MOST_STOPS):
            self.tab()
            if self.page.evaluate("document.activeElement === document.body"):
                return number
        raise AssertionError(f"{self.page.url}: Tab does not leave the page")
