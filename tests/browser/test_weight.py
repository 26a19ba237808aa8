"""What a page weighs on the wire, as a browser with an empty and with a filled cache counts it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
KB = 1000
FIRST = 280 * KB  # editor, math and fonts with it
AGAIN = 30 * KB
TYPING = 50 * KB  # once somebody writes: completion and search


class Wire:
    """Counts what a page receives: heads and bodies, as they travel."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sizes: dict[str, float] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        names: dict[str, str] = {}
        session.on(
            "Network.requestWillBeSent",
            lambda e: names.update({e["requestId"]: e["request"]["url"]}),
        )
        session.on(
            "Network.loadingFinished", lambda e: self._add(names.get(e["requestId"], "?"), e)
        )

    def _add(self, address: str, event: dict[str, float]) -> None:
        self.sizes[address] = self.sizes.get(address, 0) + event["encodedDataLength"]

    def weigh(self, act: Callable[[], object]) -> int:
        self.sizes.clear()
        act()
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("document.fonts.ready.then(() => 0)")
        self.page.wait_for_load_state("networkidle")
        return int(sum(self.sizes.values()))

    def largest(self) -> str:
        rows = sorted(self.sizes.items(), key=lambda row: -row[1])
        return ", ".join(f"{name.rsplit('/', 1)[-1] or 'page'} {size:.0f}" for name, size in rows)


@pytest.fixture
def addresses(open_as: Callable[..., Page]) -> list[str]:
    """Work pages, those with the most kinds of tall brackets first: each needs another font."""
    page = open_as("ada")
    found = []
    for number in range(1, 60):
        answer = page.request.get(f"/items/{number}/")
        text = answer.text() if answer.ok else ""
        if "data-editor" in text:
            tall = sum(text.count(name) for name in ("\\left", "\\big", "\\lfloor", "\\sqrt"))
            found.append((-tall, f"/items/{number}/"))
    return [address for _, address in sorted(found)]


def test_a_work_page_is_light_the_first_time_and_lighter_after(
    open_as: Callable[..., Page], addresses: list[str]
) -> None:
    assert addresses
    for address in addresses[:4]:
        wire = Wire(open_as("ada"))  # a context of its own: nothing is cached
        first = wire.weigh(partial(wire.page.goto, address))
        assert wire.page.locator(".cm-content").count() == 1
        assert first <= FIRST, f"{address}: {wire.largest()}"
        again = wire.weigh(partial(wire.page.goto, address))
        assert again <= AGAIN, f"{address}: {wire.largest()}"
        wire.page.context.close()


def test_what_writing_needs_comes_with_the_focus(
    open_as: Callable[..., Page], addresses: list[str]
) -> None:
    page = open_as("ada")
    wire = Wire(page)
    wire.weigh(lambda: page.goto(addresses[0]))
    weight = wire.weigh(lambda: page.locator(".cm-content").click())
    assert 0 < weight <= TYPING, wire.largest()
    page.locator(".cm-editor[data-typing]").wait_for()
    page.keyboard.press("Control+f")
    assert page.locator(".cm-search").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nprin")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.type("t([")
    assert page.locator(".cm-content").inner_text().rstrip().endswith("print([])")
