"""The branch's key: who reads a sealed narrative, who does not, and where its words never stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.changes import Entry
from sync.problems import InvalidRecord, Problem
from sync.records.key_holder import KeyHolder
from sync.records.types import Sealed, Value
from sync.records.welfare_case import WelfareCase
from sync.sealing import code_of
from sync.server.centre import Centre
from sync.server.settings import Settings
from tests.builders import DirectWire, exchange, join
from vla_desktop.exchange import export_rows
from vla_desktop.office import Office
from vla_desktop.store.branch_keys import Asker, BranchKeys, Condition
from vla_desktop.store.rows import Query
from vla_desktop.store.vault import Cost

STORY = "Chị Tâm mắc bệnh hiểm nghèo, chồng mất việc, hai con còn nhỏ"
SECRET, OTHER = "bốn từ dễ nhớ", "một câu khác hẳn"
Open = Callable[[str], Office]


class Overheard(DirectWire):
    """Keeps all that goes over the line."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(centre)
        self.heard = b""

    def post(self, path: str, body: bytes) -> bytes:
        answer = super().post(path, body)
        self.heard += body + answer
        return answer


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BranchKeys, "cost", Cost(8, 1, 1))


@pytest.fixture
def own_centre(tmp_path: Path) -> Iterator[Centre]:
    centre = Centre(Settings(database=f"sqlite:///{tmp_path / 'centre.db'}"))
    yield centre
    centre.close()


@pytest.fixture
def wire(own_centre: Centre) -> Overheard:
    return Overheard(own_centre)


def a_case(office: Office, story: str = STORY) -> str:
    values: dict[str, Value] = {
        "case_no": "BT-1",
        "type": "illness",
        "received_on": office._now().date(),
    }
    sealed = office.store.keys.seal("narrative", story)
    return office.store.save(WelfareCase, {**values, "narrative": sealed}).id


def read(office: Office, record: str) -> str:
    row = office.store.get(WelfareCase, record)
    assert row is not None
    return office.store.keys.read("narrative", str(row.values["narrative"]))


def granted(one: Office, two: Office, wire: DirectWire) -> None:
    """The second PC asks, people compare the codes, the first one grants."""
    two.store.keys.ask(OTHER)
    exchange(two, wire)
    exchange(one, wire)
    [asker] = one.store.keys.askers()
    assert asker.code == two.store.keys.code()
    one.store.keys.grant(asker)
    exchange(one, wire)
    exchange(two, wire)
    two.store.keys.unlock(OTHER)
    assert two.store.keys.offered() == [one.store.keys.key_code()]
    two.store.keys.accept(two.store.keys.offered())


def test_two_pcs_of_a_branch_read_it_and_nobody_else(
    open_office: Open, own_centre: Centre, wire: Overheard
) -> None:
    one, two, stranger = (open_office(name) for name in ("a", "b", "c"))
    for office, branch in ((one, "HN"), (two, "HN"), (stranger, "HP")):
        join(office, own_centre, branch)
    one.store.keys.make(SECRET)
    record = a_case(one)
    exchange(one, wire)
    exchange(two, wire)
    assert two.store.keys.condition() is Condition.ABSENT
    assert two.store.count(WelfareCase, Query()) == 1
    granted(one, two, wire)
    assert read(two, record) == STORY
    two.store.save(WelfareCase, {"narrative": two.store.keys.seal("narrative", "Đã đỡ")}, record)
    exchange(two, wire)
    exchange(one, wire)
    assert read(one, record) == "Đã đỡ"
    stranger.store.keys.make(SECRET)
    exchange(stranger, wire)
    assert stranger.store.count(WelfareCase, Query()) == 0
    sealed = one.store.rows(WelfareCase, [record])[0].values["narrative"]
    with pytest.raises(Problem, match="chưa có khóa") as no:
        stranger.store.keys.read("narrative", str(sealed))
    assert no.value.code == "seal.key"


def words_in(content: bytes) -> list[str]:
    """Which words of the story stand in these bytes; short ones stand anywhere by chance."""
    return [word for word in STORY.split() if len(word) > 3 and word.encode() in content]


def test_no_word_of_it_is_at_the_centre_on_the_wire_or_in_any_file(
    open_office: Open, own_centre: Centre, wire: Overheard, tmp_path: Path
) -> None:
    office = open_office("a")
    join(office, own_centre)
    office.store.keys.make(SECRET)
    record = a_case(office)
    office.store.keep_draft(
        WelfareCase, None, {"narrative": office.store.keys.seal("narrative", STORY)}
    )
    batch = office.export_batch()
    exchange(office, wire)
    rows = office.store.rows(WelfareCase, [record])
    export_rows(tmp_path / "cases.csv", WelfareCase, rows, office.store.catalogue)
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"welfare_case" in content for content in files), "the centre has the record"
    for content in (*files, wire.heard, batch.content):
        assert words_in(content) == []
    assert rows[0].shown["narrative"] == "(đã niêm phong)"
    assert office.store.count(WelfareCase, Query(search="hiểm nghèo")) == 0
    with office._reading() as session:
        assert not any("hiểm" in str(entry.values) for entry in session.scalars(select(Entry)))


def test_a_text_in_the_clear_is_refused_at_home_and_at_the_centre(
    open_office: Open, own_centre: Centre, wire: Overheard, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office("a")
    join(office, own_centre)
    values: dict[str, Value] = {
        "case_no": "BT-1",
        "type": "illness",
        "received_on": office._now().date(),
    }
    with pytest.raises(InvalidRecord):
        office.store.save(WelfareCase, {**values, "narrative": STORY})
    # The planted fault: an office that forgot to seal.
    with monkeypatch.context() as fault:
        fault.setattr(Sealed, "fits", lambda _self, _value: True)
        office.store.save(WelfareCase, {**values, "narrative": STORY})
    assert exchange(office, wire).rejected == 1
    with own_centre.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM change").scalar() == 0


def test_the_office_alone_does_not_open_it(open_office: Open) -> None:
    office = open_office("a")
    office.store.keys.make(SECRET)
    record = a_case(office)
    office.store.keys.lock()
    assert office.store.keys.condition() is Condition.LOCKED
    with pytest.raises(Problem, match="đang khóa"):
        read(office, record)
    with pytest.raises(Problem, match="không đúng"):
        office.store.keys.unlock(OTHER)
    office.close()
    again = open_office("a")
    again.store.keys.unlock(SECRET)
    assert read(again, record) == STORY


def test_a_lost_key_comes_back_from_the_sheet_in_the_safe(
    open_office: Open, own_centre: Centre, wire: Overheard
) -> None:
    lost, new = open_office("a"), open_office("b")
    for office in (lost, new):
        join(office, own_centre)
    lost.store.keys.make(SECRET)
    record = a_case(lost)
    sheet = lost.store.keys.recovery_sheet(OTHER)
    exchange(lost, wire)
    exchange(new, wire)
    with pytest.raises(Problem, match="Dòng 2") as slip:
        new.store.keys.recover(swapped(sheet, 1), OTHER, SECRET)
    assert slip.value.code == "seal.sheet"
    with pytest.raises(Problem, match="không đúng"):
        new.store.keys.recover(sheet, SECRET, SECRET)
    new.store.keys.recover(sheet.lower().replace(" ", ""), OTHER, SECRET)
    assert read(new, record) == STORY


def swapped(sheet: str, at: int) -> str:
    """The sheet with one wrong digit in a line."""
    lines = sheet.splitlines()
    digits = lines[at]
    other = "0" if digits[0] != "0" else "1"
    return "\n".join([*lines[:at], other + digits[1:], *lines[at + 1 :]])


def test_nobody_slips_in_a_key_of_his_own(
    open_office: Open, own_centre: Centre, wire: Overheard
) -> None:
    one, two, third = (open_office(name) for name in ("a", "b", "c"))
    for office in (one, two, third):
        join(office, own_centre)
    third.store.keys.make(SECRET)
    one.store.keys.make(SECRET)
    exchange(one, wire)
    granted(one, two, wire)
    mine = two.store.keys.key_code()
    exchange(third, wire)
    row = two.store.rows(KeyHolder, two.store.ids(KeyHolder, Query()))
    own = next(each for each in row if each.values["computer"] == "PC b")
    forged = third.store.keys._opened_keys()
    from sync import sealing

    public = bytes.fromhex(str(own.values["public_key"]))
    third.store.save(KeyHolder, {"wrapped": sealing.wrap(forged, public, bytes(range(32)))}, own.id)
    exchange(third, wire)
    exchange(two, wire)
    assert two.store.keys.offered() == [code_of(forged[0])]
    assert two.store.keys.key_code() == mine
    two.store.keys.accept(two.store.keys.offered())
    assert two.store.keys.key_code() == mine, "what came later only reads"


def holder_of(office: Office, computer: str) -> Asker:
    return next(each for each in office.store.keys.holders() if each.computer == computer)


def test_a_pc_that_is_left_out_does_not_read_what_is_written_later(
    open_office: Open, own_centre: Centre, wire: Overheard
) -> None:
    one, two, stolen = (open_office(name) for name in ("a", "b", "c"))
    for office in (one, two, stolen):
        join(office, own_centre)
    one.store.keys.make(SECRET)
    before = a_case(one)
    exchange(one, wire)
    granted(one, two, wire)
    granted(one, stolen, wire)
    one.store.keys.renew(holder_of(one, "PC c"))
    after = a_case(one, "Mới")
    exchange(one, wire)
    for office in (two, stolen):
        exchange(office, wire)
        assert read(office, before) == STORY
        with pytest.raises(Problem, match="chưa có khóa"):
            read(office, after)
    two.store.keys.lock()
    assert two.store.keys.condition() is Condition.LOCKED, "the former key is not lost meanwhile"
    two.store.keys.unlock(OTHER)
    assert [asker.computer for asker in one.store.keys.askers()] == ["PC b"]
    one.store.keys.grant(one.store.keys.askers()[0])
    exchange(one, wire)
    exchange(two, wire)
    two.store.keys.accept(two.store.keys.offered())
    assert (read(two, before), read(two, after)) == (STORY, "Mới")
    assert two.store.keys.key_code() == one.store.keys.key_code(), "both seal with the new key"


def test_taking_back_saves_takes_no_key_back(
    open_office: Open, own_centre: Centre, wire: Overheard
) -> None:
    one, two = open_office("a"), open_office("b")
    for office in (one, two):
        join(office, own_centre)
    one.store.keys.make(SECRET)
    a_case(one)
    exchange(one, wire)
    granted(one, two, wire)
    one.store.undo()
    assert one.store.undoable() is None, "the case was taken back, and nothing else can be"
    assert holder_of(one, "PC b").code == two.store.keys.code()


def test_a_recovery_leaves_the_keys_that_were_there(open_office: Open) -> None:
    other, office = open_office("b"), open_office("a")
    other.store.keys.make(SECRET)
    sheet = other.store.keys.recovery_sheet(SECRET)
    theirs = a_case(other)
    sealed = str(other.store.rows(WelfareCase, [theirs])[0].values["narrative"])
    office.store.keys.make(SECRET)
    mine = a_case(office)
    office.store.keys.lock()
    office.store.keys.recover(sheet, SECRET, OTHER)
    assert office.store.keys.read("narrative", sealed) == STORY
    with pytest.raises(Problem, match="chưa có khóa"):
        read(office, mine)
    with pytest.raises(Problem, match="không đúng"):
        office.store.keys.reclaim("không phải câu này")
    office.store.keys.reclaim(SECRET)
    assert read(office, mine) == STORY
    assert not office.store.keys.has_former()
    first = office.store.keys.key_code()
    office.store.keys.recover(sheet, SECRET, OTHER)
    assert read(office, mine) == STORY, "an open ring keeps all it has"
    assert office.store.keys.key_code() == first
