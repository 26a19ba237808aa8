from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradus.lib.markdown import render, with_numbers


def test_mathematics_stays_text_for_the_browser() -> None:
    assert '<span class="math">a &lt; b_1</span>' in render("Let $a < b_1$.")
    assert '<div class="math display">\\frac{1}{2}</div>' in render("$$\n\\frac{1}{2}\n$$")


def test_numbers_are_filled_in_inside_formulas_too() -> None:
    html = render("$x = {{ x }}$, {{w[1][0]}}", {"x": 0.5, "w": [[1], [-2.25]]})
    assert "x = 0.5" in html
    assert "-2.25" in html


def test_a_name_that_was_not_drawn_stays_visible() -> None:
    assert with_numbers("{{ x }} {{ w[7] }}", {"w": [1]}) == "{{ x }} {{ w[7] }}"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://example.org/a.png)",
        "$</span><script>alert(1)</script>$",
        "```</code><script>alert(1)</script>\nx\n```",
        "{{ evil }}",
        "<div style='position:fixed'>",
    ],
)
def test_nothing_executable_comes_out(source: str) -> None:
    html = render(source, {"evil": "<script>alert(1)</script>"})
    assert "<script" not in html
    assert "<img" not in html
    assert "<div" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_code_is_coloured_by_classes() -> None:
    html = render("```python\ndef f(x): return x < 1\n```")
    assert '<span class="k">def</span>' in html
    assert "style=" not in html


def test_tables_and_links_work() -> None:
    html = render("| a |\n|---|\n| 1 |\n\n[k](https://example.org/)")
    assert "<td>1</td>" in html
    assert 'rel="noopener noreferrer"' in html


@given(st.text(alphabet="<>/scriptmg =\"'$`[]()!\n{}:a", max_size=120))
def test_any_text_gives_clean_html(text: str) -> None:
    html = render(text).lower()
    assert "<script" not in html
    assert "<img" not in html


def test_mathematics_at_the_start_is_found_though_the_text_ends_in_a_digit() -> None:
    assert '<span class="math">w =</span> 0.16' in render("$w =$ 0.16")
