"""How numbers look when dialled inside each country, to catch a mistyped one. Rough on purpose: kinds and lengths.

From the countries' numbering plans: full numbers with their leading 0 or service prefix, then short codes. Digits only;
`*` where it is dialled. Emergency numbers are a closed list per country. Nothing here is shown or dialled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HARMONISED = r"116\d{3}"  # 116 123 and its like, in Europe
_SHORT_CODE = re.compile(r"\d{3,6}")


@dataclass(frozen=True, slots=True)
class Plan:
    """`dials` is what can be dialled, `calling_code` what an international number begins with."""

    calling_code: str
    emergency: frozenset[str]
    dials: re.Pattern[str]


def _plan(calling_code: str, emergency: str, dials: str) -> Plan:
    return Plan(calling_code, frozenset(emergency.split()), re.compile(dials))


PLANS = {
    "AE": _plan("971", "999 998 997 112", r"800\d{4}|800\d{6}|0[2-9]\d{7}|05\d{8}|600\d{6}"),
    "AR": _plan("54", "911 107 101 100 112", r"08[01]0\d{7}|0[1-9]\d{9}|1[0-4]\d"),
    "AT": _plan("43", "112 133 144 122", rf"0800\d{{6}}|0[1-9]\d{{6,11}}|14[1-8]|{_HARMONISED}"),
    "AU": _plan("61", "000 112 106", r"13\d{4}|1[38]00\d{6}|0[23478]\d{8}"),
    "BD": _plan("880", "999 333", r"09\d{9}|01[3-9]\d{8}|16\d{3}|333|109\d{0,2}"),
    "BE": _plan("32", "112 100 101", rf"0800\d{{5}}|0[1-9]\d{{7}}|04\d{{8}}|1[0-9]\d{{2}}|{_HARMONISED}"),
    "BR": _plan("55", "192 190 193", r"1[0-8]\d|0800\d{7}|0?[1-9]{2}9?[2-9]\d{7}"),
    "CA": _plan("1", "911", r"988|[2-8]11|(?:1?[2-9]\d{2})[2-9]\d{6}"),
    "CH": _plan("41", "112 144 117 118", rf"0800\d{{6}}|0[2-9]\d{{8}}|14[37]|{_HARMONISED}"),
    "CL": _plan("56", "131 133 132", r"\*4\d{3}|600\d{7}|800\d{6}|[29]\d{8}|14\d{2}|13\d{1,2}"),
    "CO": _plan("57", "123 112", r"1[02-9]\d|01800\d{6,7}|60\d{8}|3\d{9}"),
    "CZ": _plan("420", "112 155 158 150", rf"[2-7]\d{{8}}|800\d{{6}}|{_HARMONISED}"),
    "DE": _plan("49", "112 110", rf"0800\d{{7}}|0[1-79]\d{{6,10}}|{_HARMONISED}"),
    "DK": _plan("45", "112 114", rf"[2-9]\d{{7}}|{_HARMONISED}"),
    "EC": _plan("593", "911", r"17[01]|1800\d{6}|0[2-7]\d{7}|09\d{8}"),
    "EG": _plan(
        "20", "123 122 180 112", r"1[5-9]\d{3}|0800\d{7}|02\d{8}|0(?:[3459]\d|8[1-9])\d{7}|01[0125]\d{8}|105"
    ),
    "ES": _plan("34", "112 061 091 062", rf"0[12]\d|[6-9]\d{{8}}|{_HARMONISED}"),
    "FI": _plan("358", "112", rf"09\d{{6,8}}|0800\d{{4,6}}|010\d{{5,7}}|0[4-5]\d{{7,9}}|{_HARMONISED}"),
    "FR": _plan("33", "112 15 17 18 114", rf"0[1-9]\d{{8}}|3\d{{3}}|11[59]|{_HARMONISED}"),
    "GB": _plan("44", "999 112", rf"0800\d{{6,7}}|0[1-379]\d{{9}}|111|101|{_HARMONISED}"),
    "GH": _plan("233", "112 191 192 193 999", r"0800\d{6}|0[2357]\d{8}"),
    "GR": _plan(
        "30", "112 166 100 199", rf"10\d{{2}}|10\d{{3}}|[26]\d{{9}}|800\d{{7}}|1[59]\d{{2,3}}|{_HARMONISED}"
    ),
    "HK": _plan("852", "999 112", r"[2-9]\d{7}|18\d{3}"),
    "HU": _plan("36", "112 104 105 107", rf"06\d{{8,9}}|{_HARMONISED}"),
    "ID": _plan("62", "112 119 118 110", r"119|129|0[2-9]\d{7,10}|08\d{8,10}|1500\d{3}|0?800\d{7}"),
    "IE": _plan("353", "112 999", rf"1800\d{{6}}|0[1-9]\d{{7,8}}|1850\d{{6}}|{_HARMONISED}"),
    "IL": _plan("972", "101 100 102 112", r"1[12]\d{2}|0[2-9]\d{7,8}|1[78]00\d{6}|\*\d{4}"),
    "IN": _plan("91", "112 100 102 108", r"14\d{3}|1800\d{7}|1800\d{6}|[6-9]\d{9}|0[1-9]\d{8,10}|1098"),
    "IT": _plan("39", "112 113 118 115", r"0[1-9]\d{6,9}|3\d{8,9}|800\d{6}|199\d{6}|1[59]\d{2,4}|114"),
    "JP": _plan("81", "119 110 118", r"0120\d{6}|0800\d{7}|0[1-9]\d{8}|0[5789]0\d{8}|0570\d{6}"),
    "KE": _plan("254", "999 112 911", r"11\d{2}|0800\d{6}|0[17]\d{8}|020\d{7}"),
    "KR": _plan("82", "119 112", r"1[02]9|1[3568]\d{2}|1[568]\d{6}|0[1-7]\d{7,9}|080\d{7}"),
    "LU": _plan("352", "112 113", rf"[2-9]\d{{5}}|[2-9]\d{{7}}|6\d{{8}}|8002\d{{4}}|{_HARMONISED}"),
    "MX": _plan("52", "911", r"[2-9]\d{9}|0[3-8]\d|079"),
    "MY": _plan("60", "999 112", r"0[3-9]\d{7,8}|01\d{8,9}|15\d{3}|1[38]00\d{6}"),
    "NG": _plan("234", "112 199 767", r"0800\d{7}|0[789]\d{9}|0[1-9]\d{7,8}"),
    "NL": _plan("31", "112", rf"113|0800\d{{4}}|0800\d{{7}}|0[1-9]\d{{8}}|14\d{{3}}|{_HARMONISED}"),
    "NO": _plan("47", "113 112 110", rf"[2-9]\d{{7}}|0\d{{4}}|{_HARMONISED}"),
    "NZ": _plan("64", "111", r"0508\d{6}|0800\d{6,7}|1737|0[34679]\d{7}|02\d{7,9}"),
    "PE": _plan("51", "105 106 116 911", r"11[1-9]|1[08]\d{1,2}|0800\d{5}|01\d{7}|0[4-8]\d{7}|9\d{8}"),
    "PH": _plan("63", "911", r"15\d{2}|09\d{9}|02\d{8}|0[3-8]\d{8}|1800\d{7,8}"),
    "PK": _plan("92", "15 1122 115 1166 911", r"15|11\d{2}|03\d{9}|0[2-9]\d{8,9}|0800\d{5}"),
    "PL": _plan("48", "112 999 998 997", rf"[1-9]\d{{8}}|{_HARMONISED}"),
    "PT": _plan("351", "112", rf"14\d{{2}}|[23]\d{{8}}|9\d{{8}}|80[08]\d{{6}}|{_HARMONISED}"),
    "RO": _plan("40", "112", rf"0800\d{{6}}|0[2-7]\d{{8}}|{_HARMONISED}"),
    "SE": _plan("46", "112", rf"90\d{{3}}|020\d{{6,7}}|0[1-9]\d{{6,8}}|1177|{_HARMONISED}"),
    "SG": _plan("65", "995 999 112", r"17\d{2}|[3689]\d{7}|1800\d{7}"),
    "TR": _plan("90", "112", r"1[1-9]\d|0[2-5]\d{9}|0?850\d{7}|0?800\d{7}"),
    "TW": _plan("886", "119 110 112", r"19\d{2}|0800\d{6}|0[2-8]\d{7,8}|09\d{8}|113"),
    "UA": _plan("380", "112 103 102 101", rf"7\d{{3}}|15\d{{2}}|0800\d{{6}}|0[3-9]\d{{8}}|{_HARMONISED}"),
    "US": _plan("1", "911", r"988|[2-8]11|(?:1?[2-9]\d{2})[2-9]\d{6}"),
    "UY": _plan("598", "911 105 104 109", r"0800\d{4}|\*0\d{3}|[24]\d{7}|09\d{7}"),
    "ZA": _plan("27", "112 10177 10111", r"08[06][01]\d{6}|0[1-8]\d{8}"),
}
_WRITTEN = re.compile(r"[*#+]?\d(?:[ -]?\d)*")


def digits(number: str) -> str:
    """What is dialled: the number without what is only for the eye."""
    return number.replace(" ", "").replace("-", "")


def well_written(number: str) -> bool:
    """Digits, single spaces and hyphens, at most one leading `*`, `#` or `+`; at most 15 digits."""
    return _WRITTEN.fullmatch(number) is not None and len(digits(number).lstrip("*#+")) <= 15


def can_be_dialled(number: str, plan: Plan) -> bool:
    return plan.dials.fullmatch(digits(number)) is not None


def can_be_texted(number: str, plan: Plan) -> bool:
    return can_be_dialled(number, plan) or _SHORT_CODE.fullmatch(digits(number)) is not None


def is_international(number: str, plan: Plan) -> bool:
    return re.fullmatch(rf"\+{plan.calling_code}[1-9]\d{{6,10}}", digits(number)) is not None
