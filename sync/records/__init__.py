"""The record kinds, in the order of the menu."""

from __future__ import annotations

from types import MappingProxyType

from sync.records.activity import Activity
from sync.records.advisory_dossier import AdvisoryDossier
from sync.records.assessment import Assessment
from sync.records.award import Award
from sync.records.base import Record
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
from sync.records.frozen_figure import FrozenFigure
from sync.records.frozen_list import FrozenList
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
from sync.records.welfare_case import WelfareCase

KINDS: tuple[type[Record], ...] = (
    Member,
    MemberEvent,
    Award,
    Consent,
    MemberRequest,
    TransferRequest,
    DuesPayment,
    DuesRate,
    DuesRemittance,
    Library,
    Headcount,
    Assessment,
    CriterionMark,
    EthicsPledge,
    CriteriaSet,
    Criterion,
    OrganisationUnit,
    OfficeTerm,
    OfficeHolder,
    Congress,
    Term,
    Task,
    Target,
    Activity,
    Participation,
    Certificate,
    PlanLine,
    WelfareCase,
    AdvisoryDossier,
    HeritageItem,
    InternationalEvent,
    Delegate,
    DevelopmentAction,
    FrozenFigure,
    FrozenList,
    PublishedFigure,
    KeyHolder,
)

BY_NAME: MappingProxyType[str, type[Record]] = MappingProxyType(
    {kind.__tablename__: kind for kind in KINDS}
)


def name_of(kind: type[Record]) -> str:
    """The kind's name on the wire, in the database and on the command line."""
    return str(kind.__tablename__)
