"""The exchange's standing in words: what is kept here, and what the centre has confirmed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sync.receipts import Receipt
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.office import Light, Outcome, Standing
from vla_desktop.store.deletions import told


@dataclass(frozen=True)
class Wording:
    """A light as it is shown: an icon, a colour role, and always a sentence."""

    icon: str
    role: str
    sentence: str
    advice: str = ""


def clock(at: dt.datetime, now: dt.datetime) -> str:
    """An instant in the time of this PC, with the day when it is not today."""
    here, today = at.astimezone(), now.astimezone().date()
    if here.date() == today:
        return f"{here:%H:%M}"
    return _("{time} ngày {day}").format(time=f"{here:%H:%M}", day=f"{here:%d/%m/%Y}")


def wording(standing: Standing, now: dt.datetime) -> Wording:
    """The one place that decides how a standing is told. Only `Light.GREEN` is told in green."""
    told = _told(standing, now)
    if standing.clock_off is None:
        return told
    here = f"{now.astimezone():%H:%M %d/%m/%Y}"
    clock_words = _("Đồng hồ máy này sai ({here}): anh/chị chỉnh lại ngày giờ.").format(here=here)
    return replace(told, advice=f"{clock_words} {told.advice}".strip())


def _told(standing: Standing, now: dt.datetime) -> Wording:
    if standing.light is Light.GREEN and standing.receipt is not None:
        sentence = _confirmed(standing.receipt, now)
        return Wording("confirmed", "success", sentence, _("Không còn gì chưa gửi từ máy này."))
    if standing.light is Light.RED:
        return _alarm(standing)
    kept = _("Đã lưu trên máy này")
    if not standing.enrolled:
        return Wording(
            "computer",
            "muted",
            _("{kept} · chưa ghi danh với Trung ương").format(kept=kept),
            _("Vẫn làm việc bình thường. Khi Trung ương cấp mã, ghi danh máy này ở trang Đồng bộ."),
        )
    return _waiting(standing, kept)


def _confirmed(receipt: Receipt, now: dt.datetime) -> str:
    """The receipt, and what it alone counts: what was saved before stands on older ones."""
    sentence = _("Trung ương đã lưu đến biên nhận số {number} lúc {time}")
    told = sentence.format(number=receipt.title, time=clock(receipt.signed_at, now))
    if receipt.accepted:
        more = _("riêng biên nhận này ghi {count} thay đổi")
        told += "; " + more.format(count=grouped(receipt.accepted))
    return told


def _alarm(standing: Standing) -> Wording:
    problem = standing.last_problem
    if standing.refused:
        sentence = _("Trung ương từ chối {count} thay đổi")
        return Wording(
            "refused",
            "danger",
            sentence.format(count=grouped(standing.refused)),
            _("Mở trang Cần xem lại để sửa; các thay đổi khác không bị ảnh hưởng."),
        )
    return Wording(
        "error",
        "danger",
        problem.what if problem else _("Cần xem lại việc đồng bộ"),
        problem.advice if problem else _("Mọi thứ đã lưu trên máy này vẫn còn nguyên."),
    )


def _waiting(standing: Standing, kept: str) -> Wording:
    if standing.held:
        held = sum(len(one.records) for one in standing.held)
        sentence = _("{kept} · giữ lại việc xóa {what}").format(kept=kept, what=told(standing.held))
        if standing.pending > held:
            rest = grouped(standing.pending - held)
            sentence += _("; {count} thay đổi khác chưa gửi").format(count=rest)
        advice = _("Gửi hoặc phục hồi ở trang Đồng bộ; các thay đổi khác vẫn gửi bình thường.")
        return Wording("pending", "warning", sentence, advice)
    if standing.pending:
        sentence = _("{kept} · {count} thay đổi chưa gửi")
        count = grouped(standing.pending)
        advice = _("Bấm Đồng bộ khi có mạng; không có mạng vẫn làm việc bình thường.")
        return Wording("pending", "warning", sentence.format(kept=kept, count=count), advice)
    if standing.waiting:
        sentence = _("{kept} · {count} thay đổi đang chờ")
        count = grouped(standing.waiting)
        advice = _("Chúng sẽ được nhận khi những gì chúng cần đến nơi.")
        return Wording("waiting", "warning", sentence.format(kept=kept, count=count), advice)
    sentence = _("{kept} · chưa có biên nhận mới của Trung ương")
    advice = _("Bấm Đồng bộ để Trung ương xác nhận.")
    return Wording("computer", "muted", sentence.format(kept=kept), advice)


def outcome_words(outcome: Outcome) -> str:
    """What an exchange came to, in one sentence."""
    parts = [
        _("Đã gửi {count} thay đổi").format(count=grouped(outcome.sent))
        if outcome.sent
        else _("Không có gì phải gửi")
    ]
    if outcome.sent:
        parts.append(_("Trung ương nhận {count}").format(count=grouped(outcome.accepted)))
    if outcome.waiting:
        parts.append(_("đang chờ {count}").format(count=grouped(outcome.waiting)))
    if outcome.rejected:
        parts.append(_("từ chối {count}").format(count=grouped(outcome.rejected)))
    if outcome.held:
        parts.append(_("giữ lại {count} việc xóa").format(count=grouped(outcome.held)))
    if outcome.received:
        parts.append(_("tải về {count} thay đổi").format(count=grouped(outcome.received)))
    return ", ".join(parts) + "."
