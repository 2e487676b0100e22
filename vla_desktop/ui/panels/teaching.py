"""What the list of each kind says while it is empty, and what its buttons are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sync.records.activity import Activity
from sync.records.base import Record
from sync.records.library import Library
from sync.records.member import Member
from sync.records.organisation_unit import OrganisationUnit
from sync.texts import N_, _

_TEACHING: Mapping[type[Record], str] = MappingProxyType(
    {
        Member: N_(
            "Đây là sổ hội viên của chi hội: ai đã vào Hội, làm ở đâu, sinh hoạt ở phân hội nào. "
            "Nên ghi thư viện và phân hội trước, rồi thêm hội viên đầu tiên."
        ),
        Library: N_(
            "Đây là danh mục thư viện trong địa bàn, kể cả nơi chưa có hội viên: các tỷ lệ của "
            "nhiệm kỳ được tính trên danh mục này. Anh/chị thêm thư viện đầu tiên, rồi ghi số "
            "người làm việc từng năm."
        ),
        OrganisationUnit: N_(
            "Đây là cây tổ chức: liên chi hội, chi hội, phân hội, tổ hội. Anh/chị thêm chi hội của "
            "mình trước, rồi các phân hội trực thuộc."
        ),
        Activity: N_(
            "Mỗi việc chi hội làm được ghi ở đây: tập huấn, hội nghị, Ngày Sách, thăm hỏi. Thêm "
            "một hoạt động, rồi ghi người tham dự ngay bên cạnh."
        ),
    }
)


def noun(kind: type[Record]) -> str:
    """The kind inside a sentence: "hội viên"."""
    return _(kind.label)[:1].lower() + _(kind.label)[1:]


def add_words(kind: type[Record]) -> str:
    """The button that begins a new record: "Thêm hội viên"."""
    return _("Thêm {kind}").format(kind=noun(kind))


def teaching(kind: type[Record]) -> str:
    """What the list is for, and the first step."""
    told = _TEACHING.get(kind, N_("Chưa có gì được ghi ở đây. Anh/chị thêm mục đầu tiên."))
    return _(told)
