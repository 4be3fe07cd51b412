"""Pages that were read last are not decoded again, and take no more memory than they may."""

from evaluation.datasets.opening import open_dataset
from evaluation.work.item_reading import PageLoader


def test_a_page_is_decoded_once_until_its_room_is_needed(lines):
    dataset = open_dataset(lines)
    first, second, third = (item.locator for item in dataset.items())
    size = len(PageLoader(dataset).load(first).png)
    loader = PageLoader(dataset, kept_bytes=int(2.5 * size))
    page, other = loader.load(first), loader.load(second)
    assert loader.load(first) is page
    loader.load(third)  # takes the room of the second, which was asked for longest ago
    assert loader.load(first) is page
    again = loader.load(second)
    assert again == other
    assert again is not other


def test_a_page_too_large_to_be_kept_is_read_all_the_same(lines):
    dataset = open_dataset(lines)
    [locator, *_] = (item.locator for item in dataset.items())
    loader = PageLoader(dataset, kept_bytes=10)
    assert loader.load(locator) == loader.load(locator)
