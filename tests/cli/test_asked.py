"""What a training is asked for on the command line."""

from tagloom.cli.asked import asked_config, asked_data


def test_a_flag_of_0_counts_and_one_that_is_not_given_does_not() -> None:
    table = {"data": {"paths": ["a.conll"], "split_seed": 7, "drop_duplicates": True, "dev": ["b.conll"]}}
    flags = {"ratios": None, "split_seed": 0, "drop_duplicates": False, "dev": []}
    asked = asked_data(table, [], flags)
    assert (asked.split_seed, asked.drop_duplicates, asked.dev) == (0, True, ("b.conll",))
    assert asked_config({"epochs": 3}, {"seed": 0, "epochs": None}, []).seed == 0
