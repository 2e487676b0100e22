"""What a centre's database lacks, for the operator to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from sync.migrations import SHARED, is_newest
from sync.server import isolation
from sync.server.migrations import CENTRE
from sync.texts import _

LEAST_POSTGRES: Final = 150000
_FACTS: Final = """
SELECT current_user AS role, rolsuper OR rolbypassrls AS is_above,
       EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
               AND relkind = 'r' AND pg_has_role(relowner, 'USAGE')) AS is_owner,
       pg_is_in_recovery() AS is_standby,
       current_setting('server_version_num')::int AS version,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('synchronous_standby_names') AS standbys,
       current_setting('archive_mode') AS archive_mode
FROM pg_roles WHERE rolname = current_user
"""


@dataclass(frozen=True)
class Remark:
    """A fault endangers what was acknowledged or who sees it; anything else is advice."""

    is_fault: bool
    what: str
    advice: str

    def __str__(self) -> str:
        word = _("LỖI") if self.is_fault else _("NÊN")
        return f"{word}\t{self.what} {self.advice}"


def remarks(engine: Engine) -> list[Remark]:
    """Everything that the operator should know, faults first. Changes nothing."""
    found = list(_remarks(engine))
    return sorted(found, key=lambda remark: not remark.is_fault)


def _remarks(engine: Engine) -> Iterator[Remark]:
    if not all(is_newest(engine, chain) for chain in (SHARED, CENTRE)):
        yield Remark(
            True,
            _("Các bảng cũ hơn phần mềm, hoặc chưa có."),
            _("Chạy lệnh migrate bằng vai trò sở hữu các bảng."),
        )
        return
    with engine.connect() as connection:
        if connection.dialect.name != "postgresql":
            yield Remark(
                False,
                _("SQLite không ngăn cách các chi hội trong cơ sở dữ liệu và không có dự phòng."),
                _("Chỉ dùng để thử hoặc cho vài chi hội; khi làm thật thì dùng PostgreSQL."),
            )
        else:
            facts = dict(connection.execute(text(_FACTS)).mappings().one())
            yield from _of_isolation(connection, facts)
            yield from _of_durability(facts)
        if connection.scalar(text("SELECT secret IS NOT NULL FROM centre")):
            yield Remark(
                False,
                _("Khóa ký nằm trong cơ sở dữ liệu, nên cũng nằm trong mọi bản sao lưu."),
                _("Với máy chủ mới, đặt VLA_CENTRE_KEY trước lần chạy đầu và cất khóa nơi khác."),
            )


def _of_isolation(connection: Connection, facts: Mapping[str, Any]) -> Iterator[Remark]:
    for gap in isolation.gaps(connection):
        yield Remark(
            True,
            _("Chưa ngăn cách các chi hội: {what}.").format(what=gap),
            _("Chạy lệnh migrate bằng vai trò sở hữu các bảng."),
        )
    if facts["is_above"]:
        yield Remark(
            True,
            _("Vai trò {role} đứng trên mọi ngăn cách giữa các chi hội.").format(**facts),
            _("Tạo vai trò thường, không SUPERUSER và không BYPASSRLS, rồi đổi VLA_DATABASE."),
        )
    elif facts["is_owner"]:
        yield Remark(
            False,
            _("Vai trò {role} sở hữu các bảng nên sửa được cả sự ngăn cách.").format(**facts),
            _("Dùng hai vai trò: một để migrate, một để run; xem migrate --serve-as."),
        )


def _of_durability(facts: Mapping[str, Any]) -> Iterator[Remark]:
    if facts["version"] < LEAST_POSTGRES:
        yield Remark(True, _("PostgreSQL này quá cũ."), _("Nâng lên bản 15 hoặc mới hơn."))
    if facts["is_standby"]:
        yield Remark(
            True,
            _("Đây là máy dự phòng chỉ đọc."),
            _("Thêm target_session_attrs=read-write vào VLA_DATABASE."),
        )
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if facts[name] in ("off", "local", "remote_write"):
            yield Remark(
                True,
                _("{name} = {value}: mất điện có thể làm mất việc đã báo nhận.").format(
                    name=name, value=facts[name]
                ),
                _("Đặt lại là on."),
            )
    if not facts["standbys"]:
        yield Remark(
            False,
            _("Không có máy dự phòng đồng bộ: hỏng đĩa là mất việc từ lần sao lưu cuối."),
            _("Dựng máy dự phòng và đặt synchronous_standby_names."),
        )
    if facts["archive_mode"] == "off":
        yield Remark(
            False,
            _("Nhật ký WAL không được lưu ra ngoài, nên không trở lại được một thời điểm đã qua."),
            _("Bật archive_mode và một công cụ sao lưu WAL."),
        )
