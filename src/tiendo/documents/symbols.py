"""A symbol compared on its folded form: 02-KH/BCĐTW, 02-KH/BCÐTW and 02-kh/bcdtw are one."""

import unicodedata


def fold_symbol(symbol: str) -> str:
    plain = unicodedata.normalize("NFC", symbol).upper().replace("Đ", "D").replace("Ð", "D")
    return "".join(plain.split())
