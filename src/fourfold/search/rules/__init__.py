"""Pure decisions about searching."""

from fourfold.search.rules.grammar import leaves, parse, widened, without_operators
from fourfold.search.rules.snippets import snippet
from fourfold.search.rules.words import distance, facet, fold, forms, is_close, kilometres, plain_place, tokens

__all__ = [
    "distance",
    "facet",
    "fold",
    "forms",
    "is_close",
    "kilometres",
    "leaves",
    "parse",
    "plain_place",
    "snippet",
    "tokens",
    "widened",
    "without_operators",
]
