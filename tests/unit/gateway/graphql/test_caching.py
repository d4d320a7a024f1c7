"""The cache keeps what was used last, up to its capacity."""

from gateway.graphql.caching import BoundedCache


def test_the_least_recently_used_goes_first() -> None:
    cache: BoundedCache[str, int] = BoundedCache(3)
    for number, key in enumerate("abc"):
        cache.put(key, number)
    assert cache.get("a") == 0
    cache.put("d", 3)
    assert [cache.get(key) for key in "abcd"] == [0, None, 2, 3]


def test_weights_add_up_to_the_capacity_at_most() -> None:
    cache: BoundedCache[str, str] = BoundedCache(10)
    cache.put("a", "first", 4)
    cache.put("b", "second", 6)
    cache.put("a", "third", 5)
    assert (cache.get("a"), cache.get("b")) == ("third", None)
    assert len(cache) == 1


def test_what_is_heavier_than_all_is_not_kept_and_drives_nothing_out() -> None:
    cache: BoundedCache[str, int] = BoundedCache(10)
    cache.put("a", 1, 10)
    cache.put("b", 2, 11)
    assert (cache.get("a"), cache.get("b")) == (1, None)
