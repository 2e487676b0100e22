"""Builds the catalogue of administrative units beside this file from its two sources.

Run by hand when a source has a newer edition:

    python -m resources.catalogues.build UNITS.json OLD_TO_NEW.json VERSION

UNITS.json lists the units in force with their wards; OLD_TO_NEW.json holds the tables
`wards` and `ward_mappings` of July 2025; VERSION is the day of the first list.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sync.vietnamese import clean, fold, words

Row = tuple[str, ...]
Records = list[dict[str, Any]]

REFORM_ON = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"
HUE = "46"
HUE_CITY_ON = "2025-01-01"
DAY_BEFORE_HUE_CITY = "2024-12-31"
DONG_NAI = "75"
DONG_NAI_CITY_ON = "2026-04-30"
DAY_BEFORE_DONG_NAI_CITY = "2026-04-29"
BEFORE_MARK = "@2025"
FORMER_CITIES = frozenset({"01", "31", "46", "48", "79", "92"})
WHOLE_NAME = {"Hồ Chí Minh": "Thành phố Hồ Chí Minh"}
KINDS = {
    "thành phố": "city",
    "tỉnh": "province",
    "xã": "commune",
    "phường": "ward",
    "thị trấn": "township",
    "đặc khu": "special_zone",
}

# Code and name of the 63 provinces until 30 June 2025, each with the code of the
# province that took it in (Resolution 202/2025/QH15).
FORMER_PROVINCES = """
01 Hà Nội 01|02 Hà Giang 08|04 Cao Bằng 04|06 Bắc Kạn 19|08 Tuyên Quang 08|10 Lào Cai 15
11 Điện Biên 11|12 Lai Châu 12|14 Sơn La 14|15 Yên Bái 15|17 Hòa Bình 25|19 Thái Nguyên 19
20 Lạng Sơn 20|22 Quảng Ninh 22|24 Bắc Giang 24|25 Phú Thọ 25|26 Vĩnh Phúc 25|27 Bắc Ninh 24
30 Hải Dương 31|31 Hải Phòng 31|33 Hưng Yên 33|34 Thái Bình 33|35 Hà Nam 37|36 Nam Định 37
37 Ninh Bình 37|38 Thanh Hóa 38|40 Nghệ An 40|42 Hà Tĩnh 42|44 Quảng Bình 44|45 Quảng Trị 44
46 Huế 46|48 Đà Nẵng 48|49 Quảng Nam 48|51 Quảng Ngãi 51|52 Bình Định 52|54 Phú Yên 66
56 Khánh Hòa 56|58 Ninh Thuận 56|60 Bình Thuận 68|62 Kon Tum 51|64 Gia Lai 52|66 Đắk Lắk 66
67 Đắk Nông 68|68 Lâm Đồng 68|70 Bình Phước 75|72 Tây Ninh 80|74 Bình Dương 79|75 Đồng Nai 75
77 Bà Rịa - Vũng Tàu 79|79 Hồ Chí Minh 79|80 Long An 80|82 Tiền Giang 82|83 Bến Tre 86
84 Trà Vinh 86|86 Vĩnh Long 86|87 Đồng Tháp 82|89 An Giang 91|91 Kiên Giang 91|92 Cần Thơ 92
93 Hậu Giang 92|94 Sóc Trăng 92|95 Bạc Liêu 96|96 Cà Mau 96
"""


def main(arguments: Sequence[str]) -> None:
    units_file, changes_file, version = Path(arguments[0]), Path(arguments[1]), arguments[2]
    provinces: Records = json.loads(units_file.read_text("utf-8"))
    tables = {
        table.get("name"): table.get("data", [])
        for table in json.loads(changes_file.read_text("utf-8"))
    }
    folder = Path(__file__).parent
    units = [*former_provinces(), *present_provinces(provinces)]
    units += present_communes(provinces, tables["wards"])
    former, successors = former_communes(units, tables["ward_mappings"])
    successors += [(f"{old}{BEFORE_MARK}", new) for old, _, new in province_list()]
    header = ("code", "kind", "name", "parent")
    write(folder / "administrative-units.csv", (*header, "valid_from", "valid_to"), units)
    write(folder / "former-communes.csv", (*header, "district"), former)
    write(folder / "successors.csv", ("old", "new"), sorted(successors))
    edition = {"version": version, "former_communes_valid_to": LAST_DAY_BEFORE}
    text = json.dumps(edition, ensure_ascii=False, indent=2)
    (folder / "administrative-units.json").write_text(text + "\n", "utf-8")


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def province_list() -> list[tuple[str, str, str]]:
    entries = FORMER_PROVINCES.strip().replace("\n", "|").split("|")
    return [(entry[:2], entry[3:-3], entry[-2:]) for entry in entries]


def former_provinces() -> list[Row]:
    rows: list[Row] = []
    for code, name, _ in province_list():
        kind = "city" if code in FORMER_CITIES else "province"
        key, whole = code + BEFORE_MARK, WHOLE_NAME.get(name, name)
        since = ""
        if code == HUE:
            rows.append((key, "province", "Thừa Thiên Huế", "", "", DAY_BEFORE_HUE_CITY))
            since = HUE_CITY_ON
        rows.append((key, kind, whole, "", since, LAST_DAY_BEFORE))
    return rows


def present_provinces(provinces: Records) -> list[Row]:
    before = {fold(name): name for _, name, _ in province_list()}
    rows: list[Row] = []
    for province in provinces:
        code, name = province["Code"], before[fold(province["Name"])]
        name = WHOLE_NAME.get(name, name)
        kind = split_kind(province["FullName"])[0]
        if code == DONG_NAI:
            rows.append((code, "province", name, "", REFORM_ON, DAY_BEFORE_DONG_NAI_CITY))
        since = DONG_NAI_CITY_ON if code == DONG_NAI else REFORM_ON
        rows.append((code, kind, name, "", since, ""))
    return rows


def present_communes(provinces: Records, july_2025: Records) -> list[Row]:
    """Return the communes, with an earlier row for those whose kind changed in 2026.

    Codes and kinds are those of the newer list, spellings (Hòa, not Hoà) those of 2025.
    """
    earlier = {row["ward_code"]: split_kind(row["name"]) for row in july_2025}
    rows: list[Row] = []
    for province in provinces:
        for ward in province["Wards"]:
            code, parent = ward["Code"], province["Code"]
            kind, name = split_kind(ward["FullName"])
            kind_before, name_before = earlier.get(code, (kind, name))
            if fold(name) == fold(name_before):
                name = name_before
            since = REFORM_ON
            if kind_before != kind:
                if parent != DONG_NAI:
                    raise ValueError(f"unexplained change of {code}")
                rows.append((code, kind_before, name, parent, REFORM_ON, DAY_BEFORE_DONG_NAI_CITY))
                since = DONG_NAI_CITY_ON
            rows.append((code, kind, name, parent, since, ""))
    return rows


def former_communes(units: list[Row], mappings: Records) -> tuple[list[Row], list[Row]]:
    """Return the communes until mid-2025 and their successors.

    New units are found by province and name: the codes of the mapping are wrong where
    the old code is missing.
    """
    present = [unit for unit in units if unit[0].isdigit()]
    provinces = {fold(unit[2]): unit[0] for unit in present if not unit[3]}
    by_name = {(unit[3], spelling(unit[2])): unit[0] for unit in present if unit[3]}
    former_codes = {fold(name): code for code, name, _ in province_list()}
    coded = {former_identity(row): row["old_ward_code"] for row in mappings if row["old_ward_code"]}
    communes: set[Row] = set()
    successors: set[Row] = set()
    for row in mappings:
        if not row["old_ward_name"]:
            continue
        name, district, province = former_identity(row)
        parent = former_codes[fold(split_kind(province)[1])]
        code = coded.get((name, district, province))
        code = (code or made_code(parent, district, name)) + BEFORE_MARK
        kind, bare = split_kind(name)
        communes.add((code, kind, bare, parent + BEFORE_MARK, district))
        new_province = fold(row["new_province_name"])
        within = provinces.get(new_province) or provinces[fold(split_kind(new_province)[1])]
        target = spelling(split_kind(row["new_ward_name"])[1])
        successors.add((code, by_name[within, target]))
    if len({row[0] for row in communes}) != len(communes):
        raise ValueError("a code stands for two units")
    return sorted(communes), sorted(successors)


def former_identity(row: dict[str, Any]) -> tuple[str, str, str]:
    return (
        unified(row["old_ward_name"] or ""),
        unified(row["old_district_name"] or ""),
        unified(row["old_province_name"] or ""),
    )


def made_code(province: str, district: str, name: str) -> str:
    """Return a code for a unit whose official code the source does not give.

    It has to fit into the 20 letters that records have for a code.
    """
    whole = ".".join((province, "-".join(words(district)), "-".join(words(name))))
    return f"{province}.{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def split_kind(full_name: str) -> tuple[str, str]:
    """Split "Phường Ba Đình" into its kind and its name."""
    text = unified(full_name)
    for prefix, kind in KINDS.items():
        for form in (prefix, fold(prefix)):
            if text.casefold().startswith(form + " "):
                return kind, text[len(form) + 1 :]
    raise ValueError(f"no kind in {full_name!r}")


def unified(text: str) -> str:
    return clean(text).replace("’", "'")


def spelling(name: str) -> tuple[str, tuple[str, ...]]:
    """Return a key equal for spellings that differ in tone placement only."""
    tones = "\u0300\u0309\u0303\u0301\u0323"
    parts = unicodedata.normalize("NFD", unified(name).casefold())
    letters = "".join(part for part in parts if part not in tones)
    return letters, tuple(part for part in parts if part in tones)


if __name__ == "__main__":
    main(sys.argv[1:])
