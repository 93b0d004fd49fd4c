"""What a training is asked for: a file of options, and what flags put in their place."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from tagloom.embeddings.choice import KINDS, parse_embeddings
from tagloom.errors import ConfigError
from tagloom.runs.config import TrainingConfig
from tagloom.runs.data_config import DataConfig
from tagloom.runs.presets import PRESETS

Tables = Mapping[str, Any]
"""A run's `config.toml` with its tables `training` and `data`, or the options of a training alone."""


def asked_data(tables: Tables, paths: Sequence[str], flags: Mapping[str, Any]) -> DataConfig:
    """The data: what is named on the command line, else that of the file.

    Args:
        tables: of the file.
        paths: to learn from.
        flags: the other options of `DataConfig`, those that are not given None or empty.

    Raises:
        BadParameter: no data is named.
        ConfigError: the file's table is none of data.
    """
    table = {"paths": list(paths)} if paths else _table(tables, "data")
    if not table:
        raise typer.BadParameter("expected labelled data, received none.", param_hint="DATA")
    return DataConfig.from_table({**table, **_given(flags)})


def asked_config(
    tables: Tables, flags: Mapping[str, Any], pairs: Sequence[str], preset: str | None = None
) -> TrainingConfig:
    """The options: those of the preset, then of the file, then flags, then pairs such as `epochs=50`.

    Raises:
        BadParameter: a pair is none.
        ConfigError: an option is unknown, or its value does not fit.
    """
    options = _table(tables, "training") if "training" in tables else {**tables}
    options.pop("data", None)
    chosen = {**options, **_given(flags), **given_pairs(pairs)}
    return TrainingConfig().with_options(chosen) if preset is None else _preset_config(preset, chosen)


def _preset_config(name: str, chosen: Mapping[str, Any]) -> TrainingConfig:
    """The options of a preset, with those that were chosen in their place or beside them, an embedding among them."""
    if name not in PRESETS:
        raise ConfigError(f"preset: received {name!r}, expected {', '.join(PRESETS)}.")
    preset = PRESETS[name]
    config = TrainingConfig().with_options({**preset.options, **chosen})
    if all(choice.kind != preset.embedding for choice in parse_embeddings(config.embeddings)):
        named = KINDS[preset.embedding]
        raise ConfigError(
            f"preset {name}: expected the embedding {named}, received {config.embeddings}. "
            f"Name it: --embedding {named}."
        )
    return config


def _table(tables: Tables, name: str) -> dict[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise ConfigError(f"option {name}: received {table!r}, expected a table [{name}].")
    return dict(table)


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if not (value is None or value is False or value == [])}


def given_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """What pairs such as `epochs=50` say, by name.

    Raises:
        BadParameter: one is none.
    """
    return dict(map(_pair, pairs))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"expected a pair such as epochs=50, received {text!r}.", param_hint="--set")
    return name.strip(), value.strip()
