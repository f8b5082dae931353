"""Rules for actions: ask, then change, and record, in one transaction, told who acts by `by=`."""

import ast
import re
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef
CHANGES = {"save", "create", "update", "delete", "bulk_create", "move_to", "update_or_create"}
# may this person do it here; is this their own; do they reach over all another person holds
ASKS = {"require", "require_own", "require_over"}
PLACEHOLDER = re.compile(r"%\((\w+)\)")

# What stands in an actions.py and is not an act of the office, with its reason.
NOT_ACTS = {
    "notifications.mark_read": "what one was told is put aside by oneself; nobody else is concerned",
    "notifications.mark_all_read": "the same",
    "notifications.prefer": "how one wants to be told is a wish of one's own",
    "people.read_in": "the language somebody reads in is a wish of their own; nobody else is told",
}


def faults(source: str, room: str, used_elsewhere: Iterable[str] = ()) -> Iterator[str]:
    """What breaks the rule in one actions.py: a function there is an act, or serves one and nobody else."""
    tree = ast.parse(source)
    functions = {f.name: f for f in tree.body if isinstance(f, Function)}
    serving = {n for f in ast.walk(tree) if isinstance(f, Function) for n in calls(f) - {f.name}}
    for name, function in functions.items():
        serves = name in serving - set(used_elsewhere) and not is_atomic(function)
        serves |= name.startswith("require_") and not changes(function, functions)  # a guard
        if not (serves or name.startswith("_") or f"{room}.{name}" in NOT_ACTS):
            yield from (f"{room}.{name} {fault}" for fault in faults_of(function, functions))


def taken(source: str, room: str) -> set[str]:
    """What another file takes out of a room's actions.py."""
    tree = ast.parse(source)
    lines = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    shelf = f"tiendo.{room}.actions"
    straight = {a.name for n in lines if str(n.module).startswith(shelf) for a in n.names}
    whole = [a for n in lines if n.module == f"tiendo.{room}" for a in n.names]
    called = {a.asname or a.name for a in whole if a.name.startswith("actions")}
    dotted = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute))
    return straight | {n.attr for n in dotted if getattr(n.value, "id", "") in called}


def changes(function: Function, functions: dict[str, Function]) -> bool:
    return bool((CHANGES | {"record"}) & reached(function, functions))


def faults_of(act: Function, functions: dict[str, Function]) -> Iterator[str]:
    reach = reached(act, functions)
    if [a.arg for a in act.args.kwonlyargs][:1] != ["by"]:
        yield "does not take `by` first among its keyword-only arguments"
    if not is_atomic(act):
        yield "is not one transaction"
    if "record" not in reach:
        yield "leaves no record"
    if not ASKS & reach:
        yield "asks no permission"
    elif asks_late(act, functions):
        yield "changes before it asks"


def asks_late(act: Function, functions: dict[str, Function]) -> bool:
    """Whether a line that changes or records comes before the first that asks."""
    asked = [line for name, line in lines(act) if leads_to(name, ASKS, functions)]
    changed = [line for name, line in lines(act) if leads_to(name, CHANGES | {"record"}, functions)]
    return bool(changed) and (not asked or min(changed) < min(asked))


def leads_to(name: str, wanted: set[str], functions: dict[str, Function]) -> bool:
    return name in wanted or (
        name in functions and bool(wanted & reached(functions[name], functions))
    )


def reached(function: Function, functions: dict[str, Function]) -> set[str]:
    """Names called by the function and by the functions of its module that it calls."""
    found: set[str] = set()
    waiting = [function]
    while waiting:
        new = calls(waiting.pop()) - found
        found |= new
        waiting += [functions[name] for name in new if name in functions]
    return found


def calls(function: Function) -> set[str]:
    return {name for name, _line in lines(function)}


def lines(function: Function) -> list[tuple[str, int]]:
    found = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return [(name_of(call.func), call.lineno) for call in found]


def name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def is_atomic(function: Function) -> bool:
    return any("transaction.atomic" in ast.unparse(d) for d in function.decorator_list)


# --- the record's words -----------------------------------------------------------------------------


def recorded(source: str) -> Iterator[tuple[str, set[str] | None]]:
    """Each act's name with the facts it is recorded with; nothing for facts when they cannot be read."""
    for function in (f for f in ast.walk(ast.parse(source)) if isinstance(f, Function)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if name_of(call.func) == "record" and call.args:
                named = {k.arg for k in call.keywords} | set_apart(call)
                facts = None if None in named else {str(k) for k in named}
                yield from ((act, facts) for act in acts_in(call.args[0], function))


def set_apart(call: ast.Call) -> set[str | None]:
    """The facts whose values stand beside the record, to be erased if need be; nothing when they cannot be read."""
    for keyword in call.keywords:
        if keyword.arg == "personal" and isinstance(keyword.value, ast.Dict):
            return {getattr(key, "value", None) for key in keyword.value.keys}
        if keyword.arg == "personal":
            return {None}
    return set()


def acts_in(said: ast.expr, function: Function) -> Iterator[str]:
    """The act's name, or, for a variable, every name the function may have put into it."""
    if isinstance(said, ast.Name):
        puts = (n for n in ast.walk(function) if isinstance(n, ast.Assign))
        for put in puts:
            if any(isinstance(t, ast.Name) and t.id == said.id for t in put.targets):
                yield from acts_in(put.value, function)
        return
    for node in ast.walk(said):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            yield node.value


def unsaid(sentence: str, facts: set[str] | None) -> set[str]:
    """What a sentence wants to say and its act does not tell."""
    return set() if facts is None else set(PLACEHOLDER.findall(sentence)) - facts
