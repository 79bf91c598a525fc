"""The contract of the doors, for import-linter."""

from __future__ import annotations

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Another room may import only a room's doors.

    ``libraries`` are open rooms; ``wiring`` rooms may import everything but models; ``columnar`` modules may be
    imported by ``columnar_users`` only, which run in processes of their own.
    """

    doors = fields.ListField(subfield=fields.StringField())
    libraries = fields.ListField(subfield=fields.StringField())
    wiring = fields.ListField(subfield=fields.StringField())
    columnar = fields.ListField(subfield=fields.StringField())
    columnar_users = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        found = []
        for importer in sorted(m for m in graph.modules if m.startswith("fourfold.")):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                why = self._refusal(importer, imported)
                if why:
                    found.append((importer, imported, why))
        return ContractCheck(kept=not found, metadata={"found": found})

    def _refusal(self, importer: str, imported: str) -> str | None:
        parts, of = imported.split("."), importer.split(".")
        if parts[0] != "fourfold" or len(parts) < 2 or len(of) < 2 or parts[1] == of[1] or parts[1] in self.libraries:
            return None
        if of[1] in self.wiring:
            return "the wiring imports no models" if parts[2:3] == ["models"] else None
        within = ".".join(parts[1:])
        if within in self.columnar:
            allowed = ".".join(of[1:]) in self.columnar_users or "tests" in of
            return None if allowed else f"only {', '.join(self.columnar_users)} may"
        if len(parts) > 2 and parts[2] in self.doors:
            return None
        return f"use {parts[1]}.{', .'.join(self.doors)}"

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, why in check.metadata["found"]:
            output.print_error(f"{importer} imports {imported}: {why}.")
