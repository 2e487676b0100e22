"""One editor for each type of field. A new type gets its line in `_EDITORS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.records.fields import Field
from vla_desktop.ui.editors.base import FieldEditor
from vla_desktop.ui.editors.choices import ChoiceEditor, ChoicesEditor, YesNoEditor
from vla_desktop.ui.editors.days import DayEditor, PartialDayEditor
from vla_desktop.ui.editors.lookups import LinkEditor, PlaceEditor
from vla_desktop.ui.editors.sealed import SealedEditor
from vla_desktop.ui.editors.sensitive import SensitiveEditor
from vla_desktop.ui.editors.texts import LongTextEditor, NumberEditor, TextEditor

if TYPE_CHECKING:
    from vla_desktop.store.store import Store

_EDITORS: dict[str, type[FieldEditor]] = {
    "text": TextEditor,
    "long_text": LongTextEditor,
    "number": NumberEditor,
    "year": NumberEditor,
    "yes_no": YesNoEditor,
    "day": DayEditor,
    "partial_day": PartialDayEditor,
    "choice": ChoiceEditor,
    "choices": ChoicesEditor,
    "link": LinkEditor,
    "place": PlaceEditor,
    "sealed": SealedEditor,
    "owner": TextEditor,
}


def editor_for(field: Field, store: Store) -> FieldEditor:
    """The editor of a field. KeyError for a type that nobody gave an editor."""
    if field.sensitive and field.type.name == "text":
        return SensitiveEditor(field, store)
    return _EDITORS[field.type.name](field, store)


__all__ = ["FieldEditor", "editor_for"]
