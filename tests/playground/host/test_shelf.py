"""Nobody keeps more than a quarter, and who is pushed out was whoever has most."""

import pytest

from playground.host.shelf import Shelf, TooLarge


def kept(shelf, *names):
    return [name for name in names if shelf.get(name) is not None]


def test_a_visitor_who_fills_the_shelf_loses_only_their_own():
    shelf = Shelf(8)
    shelf.put("ann's", "page", "ann")
    for number in range(100):
        shelf.put(f"mallory's {number}", "page", "mallory")
    assert kept(shelf, "ann's", "mallory's 97", "mallory's 98", "mallory's 99") == [
        "ann's",
        "mallory's 98",
        "mallory's 99",
    ]
    assert shelf.weight("mallory") == 2


def test_many_payers_push_out_what_whoever_has_most_used_least_lately():
    shelf = Shelf(8)
    for payer in ("ann", "bert", "cyd"):
        shelf.put(payer, "page", payer)
    for number in range(4):
        shelf.put(f"{number} a", "page", f"mallory {number}")
        shelf.put(f"{number} b", "page", f"mallory {number}")
    assert kept(shelf, "ann", "bert", "cyd") == ["ann", "bert", "cyd"]


def test_what_is_used_stays_longer_and_what_was_put_again_is_there_once():
    shelf = Shelf(8)
    shelf.put("first", "page", "ann")
    shelf.put("second", "page", "ann")
    assert shelf.get("first") == "page"
    shelf.put("third", "page", "ann")
    assert kept(shelf, "first", "second", "third") == ["first", "third"]
    shelf.put("third", "another page", "bert")
    assert (shelf.weight("ann"), shelf.weight("bert"), shelf.get("third")) == (1, 1, "another page")


def test_sizes_count_and_a_host_that_is_alone_has_all_of_it():
    everything = Shelf(8, shared=False, size=len)
    everything.put("page", "8 letter", "ann")
    assert everything.weight("ann") == 8
    with pytest.raises(TooLarge):
        Shelf(8, size=len).put("page", "abc", "ann")


def test_each_thing_that_leaves_is_told_once():
    gone = []
    shelf = Shelf(4, gone=gone.append)
    shelf.put("one", "1", "ann")
    shelf.put("two", "2", "ann")
    shelf.drop("two")
    shelf.drop("two")
    same = shelf.get("two")
    shelf.put("three", "3", "bert")
    shelf.put("three", "3", "bert")
    assert (gone, same) == (["1", "2"], None)
