"""Forms of imports and of files of other systems."""

from fourfold.integrations.forms.crossings import CrossingForm, TableForm
from fourfold.integrations.forms.imports import KINDS, MappingForm, SheetForm, UploadForm

__all__ = ["KINDS", "CrossingForm", "MappingForm", "SheetForm", "TableForm", "UploadForm"]
