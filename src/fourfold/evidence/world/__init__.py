"""A seeded simulator of a recruitment business, and what is true of it. Pure numpy; docs/world.md has every key.

``simulate`` makes a house's records, ``truth`` what each channel really caused, ``read_world`` a world from a file.
"""

from fourfold.evidence.world.columns import as_columns
from fourfold.evidence.world.course import Holdout
from fourfold.evidence.world.fields import WorldError
from fourfold.evidence.world.parameters import (
    CHANNELS,
    SIDES,
    World,
    default_values,
    default_world,
    parse_world,
    read_world,
    schema,
    shipped_worlds,
)
from fourfold.evidence.world.record import simulate
from fourfold.evidence.world.tables import Simulation
from fourfold.evidence.world.truth import ChannelTruth, Truth, truth

__all__ = [
    "CHANNELS",
    "SIDES",
    "ChannelTruth",
    "Holdout",
    "Simulation",
    "Truth",
    "World",
    "WorldError",
    "as_columns",
    "default_values",
    "default_world",
    "parse_world",
    "read_world",
    "schema",
    "shipped_worlds",
    "simulate",
    "truth",
]
