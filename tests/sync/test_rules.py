"""Rules of fields, of whole records, and of what stands in the office already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pytest

from sync import rules
from sync.problems import Level
from sync.records import KINDS
from sync.records.activity import Activity
from sync.records.advisory_dossier import AdvisoryDossier
from sync.records.assessment import Assessment
from sync.records.award import Award
from sync.records.base import Record, blank, initial
from sync.records.certificate import Certificate
from sync.records.congress import Congress
from sync.records.consent import Consent
from sync.records.criteria_set import CriteriaSet
from sync.records.criterion import Criterion
from sync.records.criterion_mark import CriterionMark
from sync.records.delegate import Delegate
from sync.records.development_action import DevelopmentAction
from sync.records.dues_payment import DuesPayment
from sync.records.dues_rate import DuesRate
from sync.records.dues_remittance import DuesRemittance
from sync.records.ethics_pledge import EthicsPledge
from sync.records.fields import fields, fields_by_name
from sync.records.frozen_figure import FrozenFigure, seal
from sync.records.frozen_list import FrozenList, digest_of
from sync.records.headcount import Headcount
from sync.records.heritage_item import HeritageItem
from sync.records.international_event import InternationalEvent
from sync.records.key_holder import KeyHolder
from sync.records.library import Library
from sync.records.member import Member
from sync.records.member_event import MemberEvent
from sync.records.member_request import MemberRequest
from sync.records.office_holder import OfficeHolder
from sync.records.office_term import OfficeTerm
from sync.records.organisation_unit import OrganisationUnit
from sync.records.participation import Participation
from sync.records.plan_line import PlanLine
from sync.records.published_figure import PublishedFigure
from sync.records.target import Target
from sync.records.task import Task
from sync.records.term import Term
from sync.records.transfer_request import TransferRequest
from sync.records.types import Value
from sync.records.welfare_case import WelfareCase
from tests.builders import TODAY, a_library, a_member, a_unit, an_activity
from vla_desktop.office import Office

ID = "0" * 31 + "1"
TOMORROW = TODAY + dt.timedelta(days=1)

_FROZEN: dict[str, Value] = {
    "name": "Năm 2025", "stood_on": TODAY, "frozen_on": TODAY, "author": "Lan", "revision": 1,
    "revises": "", "reason": "", "content": "{}",
}  # fmt: skip
WHOLE: Mapping[type[Record], Mapping[str, Value]] = {
    Member: a_member(unit=ID, decision_no="1", consented=True),
    Library: a_library(),
    OrganisationUnit: a_unit(),
    Activity: an_activity(),
    Headcount: {"library": ID, "year": 2025, "source": "library", "total": 9},
    MemberEvent: {"member": ID, "type": "admitted", "happened_on": TODAY},
    Participation: {"activity": ID, "member": ID},
    Assessment: {"library": ID, "year": 2025, "criteria_set": ID, "result": "failed"},
    Award: {"form": "praise", "year": 2025, "member": ID, "decision_no": "1"},
    AdvisoryDossier: {"type": "advice", "subject": "Đề án", "received_on": TODAY},
    Certificate: {"activity": ID, "member": ID, "certificate_no": "1", "issued_on": TODAY},
    Congress: {"unit": ID, "congress_no": "I", "held_on": TODAY, "recognised_by": "1"},
    Consent: {"member": ID, "purpose": "contact", "given_on": TODAY, "form": "written"},
    CriteriaSet: {"subject": "yearly", "version": "2020", "begins_on": TODAY},
    Criterion: {"criteria_set": ID, "position": 1, "name": "Mở cửa đúng giờ"},
    CriterionMark: {"assessment": ID, "criterion": ID},
    Delegate: {"event": ID, "member": ID},
    DevelopmentAction: {"name": "Góc đọc", "goals": "4", "starts_on": TODAY},
    DuesPayment: {"member": ID, "year": 2025, "paid_vnd": 60_000, "paid_on": TODAY},
    DuesRate: {"year": 2025, "amount_vnd": 60_000},
    DuesRemittance: {
        "year": 2025, "amount_vnd": 1, "remitted_on": TODAY, "document_no": "1"
    },
    EthicsPledge: {"member": ID, "year": 2025, "pledged_on": TODAY},
    HeritageItem: {"name": "Gia phả", "library": ID, "type": "rare"},
    InternationalEvent: {"name": "CONSAL", "series": "consal", "starts_on": TODAY},
    MemberRequest: {"member": ID, "type": "copy", "received_on": TODAY, "due_on": TODAY},
    OfficeHolder: {"unit": ID, "member": ID, "position": "chair", "starts_on": TODAY},
    OfficeTerm: {"unit": ID, "term_no": "I", "starts_on": TODAY},
    TransferRequest: {
        "member_name": "Trần Văn Đức", "requested_on": TODAY, "due_on": TODAY,
        "from_branch": "HN", "to_branch": "AG", "member_record": ID,
    },
    FrozenFigure: _FROZEN | {"digest": seal(_FROZEN)},
    FrozenList: {"digest": digest_of("1"), "content": "1"},
    PublishedFigure: {"province": "19", "indicator": "I1a", "stood_on": TODAY},
    PlanLine: {"year": 2025, "task_no": 4, "content": "Tập huấn"},
    KeyHolder: {"computer": "PC 1", "device": ID[:12], "public_key": "00" * 32},
    WelfareCase: {"case_no": "BT-1", "type": "illness", "received_on": TODAY},
    Term: {"name": "Khóa III", "number": 3, "starts_on": TODAY},
    Task: {"term": ID, "number": 1, "title": "Vận động gia nhập Hội"},
    Target: {"task": ID, "indicator": "I1a", "value": "70 %"},
}  # fmt: skip


def found(kind: type[Record], **values: Value) -> dict[str, str]:
    """What is said of a record that was right but for these values, by field."""
    full = initial(kind) | rules.tidied(kind, {**WHOLE[kind], **values})
    findings = rules.findings(kind, full, TODAY, ID)
    return {f.field: f"{f.level.value}: {f.sentence}" for f in reversed(findings)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_record_is_found_whole(kind: type[Record]) -> None:
    assert found(kind) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_each_required_field_is_asked_for_by_its_label(kind: type[Record]) -> None:
    full = blank(kind)
    sentences = {f.field: f.sentence for f in rules.findings(kind, full, TODAY)}
    required = {f.name: f"Cần ghi “{f.label}”." for f in fields(kind) if f.required}
    assert required
    assert {name: sentences[name] for name in required} == required


BROKEN: list[tuple[type[Record], dict[str, Value], str, str]] = [
    (Member, {"born_on": ""}, "born_on", "block: Ghi ngày sinh"),
    (Member, {"born_on": "2030"}, "born_on", "block: Năm sinh không thể"),
    (Member, {"born_on": "2020"}, "born_on", "warn: Theo năm sinh này, hội viên 6 tuổi."),
    (Member, {"outside_reason": ""}, "workplace", "block: Chọn thư viện nơi công tác"),
    (Member, {"joined_on": TOMORROW}, "joined_on", "block: Ngày vào Hội"),
    (Member, {"card_issued_on": TOMORROW}, "card_issued_on", "warn: Ngày cấp thẻ"),
    (Member, {"decision_no": ""}, "decision_no", "warn: Chưa ghi số quyết định"),
    (Member, {"status": "left"}, "status_on", "warn: Chưa ghi ngày bắt đầu trạng thái này"),
    (Member, {"consented": False}, "consented", "warn: Chưa ghi nhận"),
    (Member, {"subject": "organisation"}, "representative", "warn: Chưa ghi người đại diện"),
    (Member, {"phone": "912345678"}, "phone", "warn: Số này thiếu số 0"),
    (Member, {"email": "ten tại nơi"}, "email", "warn: Địa chỉ thư điện tử"),
    (Member, {"identity_no": "1" * 11}, "identity_no", "warn: Thiếu chữ số"),
    (Member, {"identity_no": "1" * 9}, "identity_no", "warn: Chín chữ số"),
    (Member, {"tax_code": "1"}, "tax_code", "warn: Mã số thuế"),
    (Member, {"full_name": "a" * 201}, "full_name", "block: Dài quá 200 ký tự, hiện có 201."),
    (Member, {"full_name": "a\0b\0"}, "full_name", ""),
    (Member, {"full_name": 7}, "full_name", "block: Giá trị không đúng kiểu."),
    (Library, {"type": "university"}, "education", "block: Thư viện của cơ sở giáo dục"),
    (Library, {"opened_on": TODAY, "closed_on": dt.date(2020, 1, 1)}, "closed_on", "block: Ngày"),
    (Library, {"status": "merged"}, "merged_into", "warn: Chưa ghi sáp nhập"),
    (Library, {"closed_on": TODAY}, "status", "warn: Đã có ngày đóng"),
    (OrganisationUnit, {"provincial": True}, "province", "block: Chi hội cấp tỉnh"),
    (OrganisationUnit, {"parent": ID}, "parent", "block: Một tổ chức không trực thuộc"),
    (OrganisationUnit, {"status": "merged"}, "merged_into", "warn: Chưa ghi hợp nhất"),
    (OrganisationUnit, {"decision_on": TOMORROW}, "decision_on", "warn: Ngày quyết định"),
    (Activity, {"ends_on": dt.date(2020, 1, 1)}, "ends_on", "block: Ngày kết thúc"),
    (Activity, {"participants": 3, "women_participants": 4}, "women_participants", "block: Số nữ"),
    (Activity, {"participants": 3, "member_participants": 4}, "member_participants", "block: Số"),
    (Activity, {"starts_on": dt.date(2026, 4, 21)}, "book_day", "warn: Hoạt động gần 21/4"),
    (Activity, {"participants": -1}, "participants", "block: Không nhỏ hơn 0."),
    (Activity, {"participants": 2**31}, "participants", "block: Không lớn hơn 2.000.000.000."),
    (Activity, {"task_no": 21}, "task_no", "block: Không lớn hơn 20."),
    (Activity, {"cost_vnd": 35_000_000_000}, "cost_vnd", ""),
    (Activity, {"cost_vnd": 10**15}, "cost_vnd", "block: Không lớn hơn"),
    (Headcount, {"women": 10}, "women", "block: Số nữ"),
    (Headcount, {"full_time": 3, "part_time": 3}, "part_time", "warn: Chuyên trách cộng"),
    (Headcount, {"counted_on": TOMORROW}, "counted_on", "block: Ngày chốt"),
    (Headcount, {"year": 2030}, "year", "warn: Năm này còn xa"),
    (Headcount, {"year": 20}, "year", "block: Không nhỏ hơn 1900."),
    (MemberEvent, {"happened_on": TOMORROW}, "happened_on", "block: Ngày không thể"),
    (Participation, {"member": ""}, "member", "block: Chọn hội viên, hoặc"),
    (Participation, {"member": "", "guest_name": "Lê Ba"}, "member", ""),
]


@pytest.mark.parametrize(("kind", "values", "field", "said"), BROKEN)
def test_each_rule_speaks_beside_its_field(
    kind: type[Record], values: dict[str, Value], field: str, said: str
) -> None:
    sentence = found(kind, **values).get(field, "")
    assert sentence.startswith(said)
    assert bool(sentence) == bool(said)


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_of_any_type_breaks_a_rule_with_an_error(kind: type[Record]) -> None:
    strange: list[Value] = ["", "x", "0000", None, 0, -1, 2**60, True, dt.date.min, dt.date.max]
    for name in fields_by_name(kind):
        for value in strange:
            full = {**initial(kind), **WHOLE[kind], name: value}
            for finding in rules.findings(kind, full, TODAY, ID):
                assert finding.sentence


def test_what_may_stand_once_is_refused_the_second_time(
    open_office: Callable[[str], Office],
) -> None:
    store = open_office("a").store
    unit = store.save(OrganisationUnit, a_unit()).id
    member = store.save(Member, a_member(unit=unit, card_no="HV-1")).id
    activity = store.save(Activity, an_activity()).id
    took_part = {"activity": activity, "member": member}
    standing = store.save(Participation, took_part).id

    def codes(kind: type[Record], values: Mapping[str, Value], record: str | None) -> set[str]:
        return {f.code for f in store.check(kind, values, record) if f.level is Level.BLOCK}

    assert codes(Member, a_member(unit=unit, card_no=" HV-1 "), None) == {"unique"}
    assert codes(Member, {"card_no": "HV-1"}, member) == set()
    assert codes(Participation, took_part, None) == {"once"}
    assert codes(Participation, {"note": "ghi"}, standing) == set()
    store.delete(Participation, standing)
    assert codes(Participation, took_part, None) == set()
    guest = {"activity": activity, "guest_name": "Lê Ba"}
    store.save(Participation, guest)
    assert codes(Participation, guest, None) == set()


def test_a_link_leads_to_something_that_stands(open_office: Callable[[str], Office]) -> None:
    store = open_office("a").store
    library = store.save(Library, a_library()).id
    unit = store.save(OrganisationUnit, a_unit()).id

    def said(workplace: str) -> list[tuple[str, Level]]:
        findings = store.check(Member, a_member(unit=unit, workplace=workplace), None)
        return [(f.field, f.level) for f in findings if f.code == "link"]

    assert said(library) == []
    assert said(unit) == [("workplace", Level.BLOCK)]
    store.delete(Library, library)
    assert said(library) == [("workplace", Level.WARN)]
