"""The branch's key on this PC: make it, ask for it, open it, hand it on, print it for the safe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from sync.problems import Problem
from sync.sealing import spelled
from sync.texts import _
from vla_desktop.files import write_whole
from vla_desktop.store.branch_keys import Asker, BranchKeys, Condition
from vla_desktop.store.recovery import RULE
from vla_desktop.ui.widgets import buttons, question
from vla_desktop.ui.widgets.labels import label, line
from vla_desktop.ui.widgets.secret_field import SecretField


class BranchKeysDialog(QDialog):
    """What it shows follows from how far this PC is; every step shows the next one."""

    def __init__(self, keys: BranchKeys, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Khóa của chi hội"))
        self.setMinimumWidth(520)
        self._keys = keys
        self._page = QWidget()
        self.fault = label("", "error")
        self.fault.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 24, 24, 16)
        self._column.setSpacing(8)
        self._column.addWidget(label(_("Khóa của chi hội"), "title"))
        self._column.addWidget(self._page)
        self._column.addWidget(self.fault)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(buttons.secondary(buttons.Word.CLOSE, callback=self.accept))
        self._column.addLayout(foot)
        self._show()

    def _show(self, *, recovering: bool = False) -> None:
        """Build the page of this moment."""
        old, self._page = self._page, QWidget()
        self.body = QVBoxLayout(self._page)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        condition = self._keys.condition()
        if recovering:
            self._recovering()
        elif condition is Condition.OPEN:
            self._opened()
        elif condition is Condition.LOCKED and not self._keys.is_unlocked():
            self._locked()
        elif condition is Condition.LOCKED:
            self._offers()
        elif condition is Condition.ASKED:
            self._asked()
        else:
            self._without(condition)
        self._column.replaceWidget(old, self._page)
        old.deleteLater()
        self.adjustSize()

    # --- the pages ---------------------------------------------------------------------------

    def _without(self, condition: Condition) -> None:
        is_first = condition is Condition.NONE
        first = _(
            "Nội dung hồ sơ bảo trợ được niêm phong bằng một khóa mà chỉ các máy của chi hội "
            "giữ; Trung ương không có. Chi hội chưa có khóa: tạo ở một máy, các máy khác xin sau."
        )
        later = _(
            "Máy khác của chi hội đã có khóa. Máy này xin khóa rồi đồng bộ; ở máy kia mở trang "
            "này, so mã và trao."
        )
        self._say(first if is_first else later)
        self._say(_("Đặt mật khẩu xem hồ sơ bảo trợ, khác mật khẩu mở phần mềm:"), "label")
        self.secret = self._field(_("Mật khẩu xem hồ sơ bảo trợ"))
        self.again = self._field(_("Gõ lại mật khẩu"))
        words = _("Tạo khóa") if is_first else _("Xin khóa")
        deed = self._keys.make if is_first else self._keys.ask
        self._buttons(
            buttons.primary(words, "key", lambda: self._twice(deed)),
            buttons.quiet(_("Nhập giấy khôi phục…"), "import", self._recover_page),
        )

    def _asked(self) -> None:
        self._say(_("Đã xin khóa, đang chờ máy đã có khóa trao cho. Mã của máy này:"))
        self._say(spelled(self._keys.code()), "heading")
        self._say(
            _(
                "Bấm Đồng bộ ở máy này rồi ở máy kia; ở máy kia mở Cài đặt, Khóa của chi hội, so "
                "mã này qua điện thoại rồi bấm Trao. Trong lúc chờ mọi việc khác vẫn làm được."
            ),
            "muted",
        )
        self._buttons(buttons.quiet(_("Nhập giấy khôi phục…"), "import", self._recover_page))

    def _locked(self) -> None:
        self._say(_("Gõ mật khẩu xem hồ sơ bảo trợ. Mật khẩu này khác mật khẩu mở phần mềm."))
        self.secret = self._field(_("Mật khẩu xem hồ sơ bảo trợ"))
        self._buttons(
            buttons.primary(_("Mở khóa"), "unlock", self._unlock),
            buttons.quiet(_("Nhập giấy khôi phục…"), "import", self._recover_page),
        )
        self.secret.setFocus()

    def _opened(self) -> None:
        self._say(_("Khóa đang mở ở máy này. Mã của khóa:"))
        self._say(spelled(self._keys.key_code()), "heading")
        self._offers()
        askers = self._keys.askers()
        if askers:
            self.body.addWidget(line())
            self._say(_("Máy đang xin khóa. Chỉ trao khi mã đọc từ máy ấy giống hệt mã ở đây:"))
        for asker in askers:
            self._asker(asker)
        for holder in self._keys.holders():
            self._holder(holder)
        if self._keys.has_former():
            self._former()
        self.body.addWidget(line())
        self._say(
            _("In giấy khôi phục và cất trong tủ: mất mọi máy mà không có giấy là mất nội dung."),
            "muted",
        )
        self.secret = self._field(_("Mật khẩu riêng của giấy khôi phục"))
        self._buttons(
            buttons.secondary(_("Lưu giấy khôi phục…"), "printer", self._save_sheet),
            buttons.quiet(_("Khóa lại"), "lock", lambda: self._do(self._keys.lock)),
        )

    def _offers(self) -> None:
        codes = self._keys.offered()
        for code in codes:
            self._say(_("Máy khác trao khóa {code}.").format(code=spelled(code)), "strong")
        if codes:
            self._say(_("Hỏi lại máy ấy: mã phải giống hệt thì mới nhận."), "muted")
            take = lambda: self._do(lambda: self._keys.accept(codes))  # noqa: E731
            self._buttons(buttons.primary(_("Mã đúng, nhận khóa"), "check", take))

    def _asker(self, asker: Asker) -> None:
        row = QHBoxLayout()
        row.addWidget(label(f"{asker.computer}  ·  {spelled(asker.code)}", "strong"), 1)
        words = _("Trao cho {computer}").format(computer=asker.computer)
        row.addWidget(
            buttons.secondary(words, "key", lambda: self._do(lambda: self._keys.grant(asker)))
        )
        self.body.addLayout(row)

    def _holder(self, holder: Asker) -> None:
        row = QHBoxLayout()
        said = _("{computer} đang giữ khóa.").format(computer=holder.computer)
        row.addWidget(label(said), 1)
        words = _("Đổi khóa, bỏ {computer}").format(computer=holder.computer)
        row.addWidget(buttons.quiet(words, "key", lambda: self._renewing(holder)))
        self.body.addLayout(row)

    def _renewing(self, without: Asker) -> None:
        said = _(
            "Chi hội sẽ có khóa mới cho những gì ghi từ nay; {computer} không được trao. Những gì "
            "đã niêm phong vẫn đọc được bằng khóa cũ. Các máy khác xin lại, anh/chị so mã rồi trao "
            "lại; giấy khôi phục cần in lại."
        )
        title, said = _("Đổi khóa của chi hội?"), said.format(computer=without.computer)
        if question.ask(self, title, said, _("Đổi khóa"), is_dangerous=True):
            self._do(lambda: self._keys.renew(without))

    def _former(self) -> None:
        self._say(_("Ở máy này còn khóa cũ dưới mật khẩu trước khi khôi phục."), "muted")
        self.former = self._field(_("Mật khẩu cũ"))
        take = lambda: self._do(lambda: self._keys.reclaim(self.former.text()))  # noqa: E731
        self._buttons(buttons.secondary(_("Lấy lại khóa cũ"), "restore", take))

    def _recovering(self) -> None:
        self._say(_("Gõ hoặc dán các dòng của giấy khôi phục, không cần đúng khoảng trắng:"))
        self.sheet = QPlainTextEdit()
        self.sheet.setAccessibleName(_("Các dòng của giấy khôi phục"))
        self.sheet.setFixedHeight(140)
        self.body.addWidget(self.sheet)
        self.its_secret = self._field(_("Mật khẩu riêng của giấy khôi phục"))
        self.secret = self._field(_("Mật khẩu xem hồ sơ bảo trợ ở máy này"))
        self.again = self._field(_("Gõ lại mật khẩu"))

        def recover(secret: str) -> None:
            self._keys.recover(self.sheet.toPlainText(), self.its_secret.text(), secret)

        self._buttons(
            buttons.primary(_("Khôi phục khóa"), "restore", lambda: self._twice(recover)),
            buttons.quiet(buttons.Word.BACK, callback=self._show),
        )

    # --- the deeds ---------------------------------------------------------------------------

    def _twice(self, deed: Callable[[str], None]) -> None:
        secret = self.secret.text()
        if secret != self.again.text():
            self._complain(_("Hai lần gõ mật khẩu chưa giống nhau."))
            return
        self._do(lambda: deed(secret))

    def _unlock(self) -> None:
        secret = self.secret.text()
        self._do(lambda: self._keys.unlock(secret))

    def _save_sheet(self) -> None:
        try:
            sheet = self._keys.recovery_sheet(self.secret.text())
        except Problem as problem:
            self._complain(str(problem))
            return
        title = _("Giấy khôi phục khóa của chi hội")
        path, _filter = QFileDialog.getSaveFileName(self, title, "khoa-chi-hoi.txt", "*.txt")
        if path:
            code = spelled(self._keys.key_code())
            note = _("In ra, cất trong tủ khóa, rồi xóa tệp này. Mật khẩu ghi ở nơi khác.")
            said = f"{title}\n{code}\n{note}\n{RULE}\n{sheet}\n"
            self._do(lambda: write_whole(Path(path), said.encode("utf-8-sig")))

    def _recover_page(self) -> None:
        self._show(recovering=True)

    def _do(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except Problem as problem:
            self._complain(str(problem))
        except OSError as fault:
            self._complain(str(fault.strerror))
        else:
            self.fault.hide()
            self._show()

    # --- small parts -------------------------------------------------------------------------

    def _complain(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.show()

    def _say(self, sentence: str, role: str = "") -> None:
        self.body.addWidget(label(sentence, role))

    def _field(self, name: str) -> SecretField:
        field = SecretField(name)
        words = label(name, "label")
        words.setBuddy(field)
        self.body.addWidget(words)
        self.body.addWidget(field)
        return field

    def _buttons(self, *made: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in made:
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
