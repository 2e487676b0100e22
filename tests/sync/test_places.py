"""The catalogue of administrative units as shipped."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from sync.places import Catalogue, Kind
from sync.province_map import ProvinceMap
from sync.records.types import PlaceCode

FOLDER = Path(__file__).parents[2] / "resources" / "catalogues"
LAST_DAY_BEFORE = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(FOLDER)


def test_thirty_four_provinces_are_in_force(catalogue: Catalogue) -> None:
    provinces = catalogue.provinces(TODAY)
    assert len(provinces) == 34
    assert sum(place.kind is Kind.CITY for place in provinces) == 7
    assert len(catalogue.provinces(REFORM)) == 34


def test_provinces_stand_in_vietnamese_order(catalogue: Catalogue) -> None:
    names = [place.name for place in catalogue.provinces(TODAY)]
    assert names[:5] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ"]
    assert names.index("Đà Nẵng") > names.index("Cần Thơ")
    assert names[-1] == "Vĩnh Long"


def test_every_province_has_its_communes(catalogue: Catalogue) -> None:
    counts = [len(catalogue.communes(place.code)) for place in catalogue.provinces(TODAY)]
    assert sum(counts) == 3321
    assert min(counts) > 30


def test_sixty_three_provinces_stood_before_the_reform(catalogue: Catalogue) -> None:
    before = catalogue.provinces(LAST_DAY_BEFORE)
    assert len(before) == 63
    assert {place.valid_to for place in before} == {LAST_DAY_BEFORE}


def test_every_former_province_became_one_of_the_thirty_four(catalogue: Catalogue) -> None:
    present = set(catalogue.provinces(TODAY))
    taken = set()
    for place in catalogue.provinces(LAST_DAY_BEFORE):
        successors = catalogue.successors(place.code)
        assert len(successors) == 1, place
        taken.update(successors)
    assert taken == present


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("Tiền Giang", "Đồng Tháp"),
        ("Hà Giang", "Tuyên Quang"),
        ("Bà Rịa - Vũng Tàu", "Thành phố Hồ Chí Minh"),
        ("Phú Yên", "Đắk Lắk"),
        ("Yên Bái", "Lào Cai"),
        ("Hà Nội", "Hà Nội"),
    ],
)
def test_a_former_province_has_one_successor(
    catalogue: Catalogue, former: str, present: str
) -> None:
    (place,) = [p for p in catalogue.provinces(LAST_DAY_BEFORE) if p.name == former]
    assert [successor.name for successor in catalogue.successors(place.code)] == [present]


def test_the_same_official_code_means_another_province_after_the_reform(
    catalogue: Catalogue,
) -> None:
    former, present = catalogue.get("15@2025"), catalogue.get("15")
    assert former is not None
    assert present is not None
    assert (former.name, present.name) == ("Yên Bái", "Lào Cai")
    assert former.official_code == present.official_code == "15"


def test_dong_nai_became_a_city_on_its_day(catalogue: Catalogue) -> None:
    before = catalogue.get("75", date(2026, 4, 29))
    after = catalogue.get("75", date(2026, 4, 30))
    assert before is not None
    assert after is not None
    assert before.full_name == "Tỉnh Đồng Nai"
    assert after.full_name == "Thành phố Đồng Nai"


def test_ten_communes_of_dong_nai_became_wards(catalogue: Catalogue) -> None:
    before = catalogue.communes("75", date(2026, 4, 29))
    after = catalogue.communes("75", date(2026, 4, 30))
    assert {place.code for place in before} == {place.code for place in after}
    kinds = {place.code: place.kind for place in before}
    changed = [place for place in after if kinds[place.code] is not place.kind]
    assert len(changed) == 10
    assert {place.kind for place in changed} == {Kind.WARD}
    assert "Long Thành" in {place.name for place in changed}


def test_hue_was_a_province_until_the_end_of_2024(catalogue: Catalogue) -> None:
    names = {place.name for place in catalogue.provinces(date(2024, 12, 31))}
    assert "Thừa Thiên Huế" in names
    assert len(names) == 63
    assert catalogue.label("46@2025") == "Huế"


def test_a_unit_is_in_force_only_on_its_days(catalogue: Catalogue) -> None:
    assert catalogue.in_force("00004", REFORM)
    assert not catalogue.in_force("00004", LAST_DAY_BEFORE)
    assert catalogue.in_force("00004@2025", LAST_DAY_BEFORE)
    assert not catalogue.in_force("00004@2025", REFORM)
    assert not catalogue.in_force("99999", TODAY)


def test_a_label_names_the_unit_and_its_province(catalogue: Catalogue) -> None:
    assert catalogue.label("00004") == "Phường Ba Đình, Hà Nội"
    assert catalogue.label("01") == "Hà Nội"
    assert catalogue.label("79") == "Thành phố Hồ Chí Minh"
    assert catalogue.label("00004@2025") == "Phường Trúc Bạch, Quận Ba Đình, Hà Nội"


def test_an_unknown_code_is_its_own_label(catalogue: Catalogue) -> None:
    assert catalogue.label("99999") == "99999"
    assert catalogue.get("99999") is None
    assert catalogue.get("99999@2025") is None


def test_every_former_commune_has_a_successor_in_its_new_province(catalogue: Catalogue) -> None:
    seen = 0
    for province in catalogue.provinces(LAST_DAY_BEFORE):
        (merged,) = catalogue.successors(province.code)
        for commune in catalogue.communes(province.code):
            successors = catalogue.successors(commune.code)
            assert {successor.parent for successor in successors} == {merged.code}, commune
            seen += 1
    assert seen == 10806


def test_a_divided_commune_offers_all_its_successors(catalogue: Catalogue) -> None:
    divided = [
        commune
        for province in catalogue.provinces(LAST_DAY_BEFORE)
        for commune in catalogue.communes(province.code)
        if len(catalogue.successors(commune.code)) > 1
    ]
    assert len(divided) == 22


def test_a_unit_in_force_has_no_successor(catalogue: Catalogue) -> None:
    assert catalogue.successors("00004") == []


def test_search_ignores_marks_and_case(catalogue: Catalogue) -> None:
    labels = [catalogue.label(place.code) for place in catalogue.search("BA dinh")]
    assert "Phường Ba Đình, Hà Nội" in labels[:3]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ba đình", "Phường Ba Đình, Hà Nội"),
        ("phường ba đ", "Phường Ba Đình, Hà Nội"),
        ("ba dinh ha noi", "Phường Ba Đình, Hà Nội"),
        ("hà nội", "Hà Nội"),
        ("ho chi minh", "Thành phố Hồ Chí Minh"),
        ("Tiền Giang", "Tiền Giang"),
        ("phuong 12 go vap", "Phường 12, Quận Gò Vấp, Thành phố Hồ Chí Minh"),
        ("M’Drắk", "Xã M'Drắk, Đắk Lắk"),
        ("xa tan hoa ha noi", "Xã Tân Hòa, Huyện Quốc Oai, Hà Nội"),
    ],
)
def test_search_puts_first_what_was_meant(catalogue: Catalogue, typed: str, first: str) -> None:
    found = catalogue.search(typed)
    assert catalogue.label(found[0].code) == first


def test_search_takes_either_place_of_the_tone_mark(catalogue: Catalogue) -> None:
    assert catalogue.search("Khánh Hoà")[0] == catalogue.search("Khánh Hòa")[0]
    assert catalogue.search("Khánh Hoà")[0].code == "56"


def test_typed_marks_put_the_exact_names_first(catalogue: Catalogue) -> None:
    plain = catalogue.search("ba dinh", limit=3, former=False)
    marked = catalogue.search("ba đình", limit=3, former=False)
    assert plain[0].name == "Ba Dinh"
    assert [place.name for place in marked] == ["Ba Đình", "Ba Đình", "Ba Dinh"]


def test_search_keeps_to_a_province_and_to_kinds(catalogue: Catalogue) -> None:
    found = catalogue.search("tan", within="75", kinds={Kind.WARD}, former=False)
    assert found
    assert {place.parent for place in found} == {"75"}
    assert {place.kind for place in found} == {Kind.WARD}


def test_units_in_force_precede_those_that_are_gone(catalogue: Catalogue) -> None:
    found = catalogue.search("ba dinh")
    gone = [place.valid_to is not None for place in found]
    assert True in gone
    assert gone == sorted(gone)
    assert all(place.valid_to is None for place in catalogue.search("ba dinh", former=False))


def test_search_returns_no_more_than_asked_and_nothing_twice(catalogue: Catalogue) -> None:
    for typed in ("x", "tan", "ha noi", "phuong"):
        found = catalogue.search(typed, limit=7)
        assert len(found) == 7
        assert len(set(found)) == 7


@pytest.mark.parametrize("typed", ["", "  ", "-", "zzzz", "ba zzzz"])
def test_search_without_a_match_is_empty(catalogue: Catalogue, typed: str) -> None:
    assert catalogue.search(typed) == []


def test_the_version_is_the_day_of_the_list(catalogue: Catalogue) -> None:
    assert catalogue.version == "2026-07-25"


def test_a_catalogue_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "administrative-units.json", tmp_path)
    with pytest.raises(OSError, match="administrative-units"):
        Catalogue.load(tmp_path)
    (tmp_path / "administrative-units.csv").write_text("code,kind\n01,city\n", "utf-8")
    with pytest.raises(ValueError, match="unpack"):
        Catalogue.load(tmp_path)


def test_heirs_of_a_day_are_in_force_on_it(catalogue: Catalogue) -> None:
    assert [place.code for place in catalogue.successors("02@2025", TODAY)] == ["08"]
    assert [place.code for place in catalogue.successors("02@2025", LAST_DAY_BEFORE)] == ["02@2025"]
    before, after = (catalogue.successors("70@2025", day)[0] for day in (REFORM, TODAY))
    assert (before.full_name, after.full_name) == ("Tỉnh Đồng Nai", "Thành phố Đồng Nai")


def test_predecessors_are_the_way_back(catalogue: Catalogue) -> None:
    names = {place.name for place in catalogue.predecessors("79")}
    assert names == {"Thành phố Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"}
    assert catalogue.predecessors("79@2025") == []


def test_a_label_can_be_that_of_a_day(catalogue: Catalogue) -> None:
    assert catalogue.label("46@2025", date(2020, 1, 1)) == "Thừa Thiên Huế"
    assert catalogue.label("46@2025", date(2025, 3, 1)) == "Huế"
    assert catalogue.label("26368", date(2026, 4, 29)) == "Xã Long Thành, Đồng Nai"
    assert catalogue.label("26368", date(2026, 4, 30)) == "Phường Long Thành, Đồng Nai"


def test_an_old_name_without_marks_leads_to_the_unit_of_today(catalogue: Catalogue) -> None:
    (found,) = catalogue.search("ba ria vung tau", 1)
    assert [heir.code for heir in catalogue.successors(found.code, TODAY)] == ["79"]


def test_every_code_can_be_kept_in_a_record(catalogue: Catalogue) -> None:
    fits = PlaceCode("commune").fits
    for province in [*catalogue.provinces(LAST_DAY_BEFORE), *catalogue.provinces(TODAY)]:
        for unit in [province, *catalogue.communes(province.code)]:
            assert fits(unit.code), unit


def test_the_map_of_a_day_finds_a_place_under_any_code(catalogue: Catalogue) -> None:
    old, new = (ProvinceMap(catalogue, day) for day in (LAST_DAY_BEFORE, REFORM))
    assert (len(old), len(new)) == (63, 34)
    assert (old.province("00001@2025"), new.province("00001@2025")) == ("01@2025", "01")
    assert (old.province("70@2025"), new.province("70@2025")) == ("70@2025", "75")
    assert old.province("01") == "01@2025"
    assert old.province("75") == "", "two provinces became Đồng Nai"
    assert old.province("nowhere") == new.province("") == ""


def test_every_commune_of_today_lay_in_one_province_of_before(catalogue: Catalogue) -> None:
    old = ProvinceMap(catalogue, LAST_DAY_BEFORE)
    unknown = [
        commune.name
        for province in catalogue.provinces(TODAY)
        for commune in catalogue.communes(province.code)
        if not old.province(commune.code)
    ]
    islands = {"Hoàng Sa", "Bạch Long Vĩ", "Lý Sơn", "Cồn Cỏ", "Côn Đảo"}
    assert set(unknown) == {*islands, "Ia Mơ"}
