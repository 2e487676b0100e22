"""The kinds of records that histories are about, and the fields that clerks type into."""

from __future__ import annotations

KINDS = ("organisation_unit", "library", "member")
TEXTS = {
    "organisation_unit": ("name", "note"),
    "library": ("name", "address", "note"),
    "member": ("full_name", "address", "note"),
}
