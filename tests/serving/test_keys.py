import time
from pathlib import Path

import pytest

from tagloom.errors import ConfigError
from tagloom.serving.access.rates import Rates
from tagloom.serving.problems import Problem
from tagloom.serving.state.database import Database
from tagloom.serving.state.keys import Key, Keyring, Keys, Scope


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(Database(tmp_path / "state"))


def test_a_key_opens_and_others_do_not(keys: Keys) -> None:
    (one, token), (other, other_token) = keys.create("one"), keys.create("other", Scope.admin)
    ring, now = Keyring(keys.all()), time.time()
    assert ring.find(token, now) == one
    assert ring.find(other_token, now) == other
    secret = token.split("_", 2)[2]
    wrong = ["", "x", token[:-1], f"{token}x", secret, f"tagloom_{other.id}_{secret}", f"tagloom_99_{secret}"]
    wrong += [f"other_1_{secret}", "tagloom_1_", "tagloom__", f"tagloom_-1_{secret}", f"tagloom_{'9' * 30}_{secret}"]
    wrong += ["tagloom_²_x", token.upper(), f" {token}", "tagloom_1_\udcff"]
    assert [ring.find(each, now) for each in wrong] == [None] * len(wrong)


def test_nothing_that_is_kept_holds_a_key(keys: Keys, tmp_path: Path) -> None:
    _, token = keys.create("one")
    secret = token.split("_", 2)[2]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir() if path.is_file())
    assert secret.encode() not in kept
    assert secret not in repr(keys.all())


def test_secrets_are_long_and_differ(keys: Keys) -> None:
    secrets = {keys.create("n")[1].split("_", 2)[2] for _ in range(20)}
    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {43}  # 256 bits


def test_a_key_ends(keys: Keys) -> None:
    now = time.time()
    key, token = keys.create("short", expires_at=now + 60)
    ring = Keyring(keys.all())
    assert ring.find(token, now + 59) == key
    assert ring.find(token, now + 61) is None


def test_a_revoked_key_opens_nothing_and_leaves_no_open_door(keys: Keys) -> None:
    key, token = keys.create("one")
    assert keys.revoke(key.id).revoked_at is not None
    ring = Keyring(keys.all())
    assert ring.find(token, time.time()) is None
    assert ring
    assert not Keyring()
    with pytest.raises(ConfigError, match="expected the number of one that is not revoked, received 1"):
        keys.revoke(key.id)


def test_numbers_are_never_given_twice(keys: Keys) -> None:
    assert [keys.create("n")[0].id for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_a_name_is_short_and_printable(keys: Keys, name: str) -> None:
    with pytest.raises(ConfigError, match="expected 1 to 100 printable characters"):
        keys.create(name)


def test_a_rate_and_an_end_that_cannot_be_are_told(keys: Keys) -> None:
    with pytest.raises(ConfigError, match="expected 1 request a minute or more, received 0"):
        keys.create("n", per_minute=0)
    with pytest.raises(ConfigError, match="expected a time to come"):
        keys.create("n", expires_at=time.time() - 1)


def key(per_minute: int | None) -> Key:
    return Key(7, "n", Scope.predict, b"", 0.0, None, None, per_minute)


def let_through(rates: Rates, clock: list[float], times: list[float], per_minute: int | None) -> list[bool]:
    found = []
    for moment in times:
        clock[0] = moment
        try:
            rates.expect_room(key(per_minute))
            found.append(True)
        except Problem:
            found.append(False)
    return found


def test_who_asks_too_often_is_told_when_to_come_again() -> None:
    rates = Rates(lambda: 0.0)
    rates.expect_room(key(6))
    with pytest.raises(Problem) as refused:
        rates.expect_room(key(6))
    assert (refused.value.status, dict(refused.value.headers)[b"retry-after"]) == (429, b"10")


def test_over_a_minute_a_key_asks_no_more_often_than_it_may() -> None:
    clock = [0.0]
    times = [number / 10 for number in range(6_000)]  # ten a second, for ten minutes
    passed = let_through(Rates(lambda: clock[0]), clock, times, 60)
    assert sum(passed[:100]) <= 20  # ten seconds' share at once, and that of the ten seconds
    assert 600 <= sum(passed) <= 611
    for start in range(600, 5_400, 7):
        assert sum(passed[start : start + 600]) <= 61


def test_who_asks_evenly_is_never_refused() -> None:
    clock = [0.0]
    for per_minute in (1, 6, 60, 600):
        times = [number * 60.0 / per_minute for number in range(100)]
        assert all(let_through(Rates(lambda: clock[0]), clock, times, per_minute))


def test_a_key_without_a_rate_asks_as_often_as_it_likes() -> None:
    assert all(let_through(Rates(lambda: 0.0), [0.0], [0.0] * 1000, None))
