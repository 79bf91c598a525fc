"""Pages of imports, of files of other systems, and of what goes out."""

from fourfold.integrations.views.crossings import (
    apply_crossing,
    check_crossing,
    edit_table,
    move_waiting,
    new_crossing,
    sample_export,
    show_crossing,
    show_staged,
    show_waiting,
    take_back_crossing,
)
from fourfold.integrations.views.imports import (
    apply,
    choose_sheet,
    confirm_columns,
    download_rejected,
    new_import,
    put_back,
    show_import,
    show_imports,
    take_back,
)
from fourfold.integrations.views.leaving import download_export, leaving

__all__ = [
    "apply",
    "apply_crossing",
    "check_crossing",
    "choose_sheet",
    "confirm_columns",
    "download_export",
    "download_rejected",
    "edit_table",
    "leaving",
    "move_waiting",
    "new_crossing",
    "new_import",
    "put_back",
    "sample_export",
    "show_crossing",
    "show_import",
    "show_imports",
    "show_staged",
    "show_waiting",
    "take_back",
    "take_back_crossing",
]
