"""Forms of people's pages."""

from fourfold.people.forms.persons import (
    EraseForm,
    MergeForm,
)

__all__ = [
    "EraseForm",
    "MergeForm",
]
