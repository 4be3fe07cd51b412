"""Figures and lists as people read them."""

import pytest

from translations.wording import listed, percent


@pytest.mark.parametrize(
    ("rate", "said"), [(None, "n/a"), (0.0, "0.00 %"), (0.0123, "1.23 %"), (0.09949, "9.95 %"), (0.0996, "10.0 %")]
)
def test_a_rate_keeps_three_digits(rate, said):
    assert percent(rate) == said
    assert percent(rate, unit="") == said.removesuffix(" %")


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_ends_with_and(names, said):
    assert listed(names) == said
