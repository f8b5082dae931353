"""Which bond the words before a cited number suggest: offered to a person, never decided."""

import re

from tiendo.documents.states import Bond

BEFORE = 90  # characters before the number in which its verb stands
# The nearest word before the number decides; within one place the order of this table does.
CUES: dict[str, tuple[str, ...]] = {
    Bond.REPLACES: ("thay thế", "replac", "supersed", "remplac", "взамен", "заменя"),
    Bond.REPEALS: (
        "bãi bỏ", "hủy bỏ", "huỷ bỏ", "hết hiệu lực", "repeal", "revok", "abrog", "отмен", "утратившим",
    ),
    Bond.AMENDS: (
        "sửa đổi", "bổ sung", "đính chính", "amend", "supplement", "modifi", "complét", "измен",
    ),
    Bond.ANSWERS: (
        "trả lời", "phúc đáp", "theo đề nghị", "in reply to", "in answer to", "answer", "en réponse", "répon",
        "в ответ", "отвеча",
    ),
    Bond.BASED_ON: (
        "căn cứ", "xét đề nghị", "pursuant to", "based on", "having regard", r"vu\s", "conformément",
        "en application", "в соответствии", "на основании",
    ),
    Bond.IMPLEMENTS: (
        "thực hiện", "triển khai", "thi hành", "cụ thể hóa", "cụ thể hoá", "theo tinh thần", "implement",
        "carry out", "carrying out", "mise en œuvre", "mettre en œuvre", "exécution", "appliqu", "реализ",
        "исполнен", "выполнен",
    ),
}  # fmt: skip
PATTERNS = {bond: re.compile("|".join(cues), re.IGNORECASE) for bond, cues in CUES.items()}


def bond_suggested(text: str, start: int) -> str:
    """The bond whose word stands nearest before this place; “based on” when none does."""
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - BEFORE) : start]
    nearest = {bond: last_place(pattern, before) for bond, pattern in PATTERNS.items()}
    best = max(nearest, key=lambda bond: nearest[bond])
    return best if nearest[best] >= 0 else Bond.BASED_ON


def last_place(pattern: re.Pattern[str], words: str) -> int:
    return max((found.start() for found in pattern.finditer(words)), default=-1)
