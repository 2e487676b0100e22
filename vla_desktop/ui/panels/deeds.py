"""What can be done to a record from anywhere, with the way back offered each time."""

from __future__ import annotations

from sync.records.base import Record
from sync.texts import _
from vla_desktop.store.store import Store
from vla_desktop.ui.widgets.message_bar import MessageBar


class Deeds:
    """Moves records to the bin and back, undoes, and says so in the message bar."""

    def __init__(self, store: Store, messages: MessageBar) -> None:
        self._store = store
        self._messages = messages

    def delete(self, kind: type[Record], record_id: str) -> None:
        """Move to the bin."""
        row = self._store.get(kind, record_id)
        if row is None or row.deleted:
            return
        if row.is_issued:
            self._messages.show_note(_("Do Trung ương ban hành; ở chi hội chỉ để xem."))
            return
        self._store.delete(kind, record_id)
        self._messages.show_done(
            _("Đã chuyển “{title}” vào thùng rác.").format(title=row.title),
            _("Hoàn tác"),
            lambda: self.restore(kind, record_id),
        )

    def restore(self, kind: type[Record], record_id: str) -> None:
        """Take out of the bin."""
        self._store.restore(kind, record_id)
        row = self._store.get(kind, record_id)
        title = row.title if row else ""
        self._messages.show_done(_("Đã khôi phục “{title}”.").format(title=title))

    def undo(self) -> None:
        """Take back the last save of this sitting."""
        sentence = self._store.undo()
        if sentence:
            self._messages.show_done(sentence)
        else:
            self._messages.show_note(_("Không còn việc nào để hoàn tác."))
