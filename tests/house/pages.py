"""Rules for pages and API: they ask rooms, they fetch by permission, they neither write nor count."""

import ast
from collections.abc import Iterator

WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ON_TABLES = {"create", "update", "get"}
ASKING = {
    "filter", "exclude", "get", "order_by", "annotate", "alias", "aggregate", "values", "values_list", "only", "defer",
    "distinct", "select_related", "prefetch_related", "in_bulk", "get_object_or_404",
}  # fmt: skip
RAW = {"raw", "extra", "RawSQL", "execute"}
COUNTERS = {"Count", "Sum", "Avg", "Max", "Min", "Window"}

REPORTS = "src/tiendo/tasks/views/reports.py"
# Where a page counts, and why that number is no figure.
MAY_COUNT = {
    f"{REPORTS}::report": "the number the next report will carry, so that a double click sends one",
    f"{REPORTS}::sent": "the same, when somebody else reported meanwhile",
}
# Where a page asks for fields that stand elsewhere, and where.
MAY_ASK_SO = {
    "src/tiendo/web/search.py::best": "its callers name the fields, in words of their own",
    "src/tiendo/tasks/api_rows.py::page_of": "the columns stand above it as two constants",
}
# Where a page asks a unit's rows without saying who looks, and why nobody sees more by it.
MAY_ASK_ALL = {
    "src/tiendo/tasks/api_rows.py::page_of": "the parts of tasks that are already the person's, as a task's own page tells them",
    "src/tiendo/tasks/views/drafts.py::show_what_changed": "the draft that was found and required just before",
    "src/tiendo/web/mywork.py::to_answer": "joins two questions that are each beneath the person's paths",
}


def written(source: str) -> Iterator[str]:
    """Lines that change tables, or fetch one row around permission."""
    for call in calls(ast.parse(source)):
        if not isinstance(call.func, ast.Attribute):
            continue
        verb, chain = call.func.attr, links(call.func.value)
        table = bool({"objects", "_base_manager", "_default_manager"} & set(chain))
        if verb in WRITES or (verb in {"create", "update"} and table):
            yield f"line {call.lineno}: .{verb}() belongs in an action"
        elif verb == "update" and call.keywords and "filter" in chain:
            yield f"line {call.lineno}: .update() belongs in an action"
        elif verb == "get" and table and "visible_to" not in chain:
            yield f"line {call.lineno}: objects.get() goes around permission"


def unnamed(source: str) -> Iterator[tuple[str, str]]:
    """Questions whose fields are not named where they are asked: a stranger's word must never become a lookup or an order."""
    for function in functions(ast.parse(source)):
        for call in calls(function):
            verb = links(call.func)[0]
            if verb in RAW:
                yield (
                    function.name,
                    f"line {call.lineno}: {verb}() asks in the database's own words",
                )
            elif verb in ASKING and is_open(call, verb):
                yield function.name, f"line {call.lineno}: {verb}() takes fields not named here"


def is_open(call: ast.Call, verb: str) -> bool:
    starred = any(isinstance(one, ast.Starred) for one in call.args)
    computed = verb == "order_by" and not all(isinstance(a, ast.Constant) for a in call.args)
    return starred or computed or any(one.arg is None for one in call.keywords)


def unscoped(source: str, scoped: set[str]) -> Iterator[tuple[str, str]]:
    """Questions to a unit's rows that do not say who asks: the function and the line."""
    for function in functions(ast.parse(source)):
        for whole in widest(function):
            root, chain = root_of(whole), links(whole)
            if root in scoped and "objects" in chain and not asks_who_looks(whole):
                yield function.name, f"line {whole.lineno}: {root}.objects without visible_to"
        for call in calls(function):
            first = call.args[0] if call.args else None
            fetches = getattr(call.func, "id", "") in {"get_object_or_404", "get_list_or_404"}
            if fetches and isinstance(first, ast.Name) and first.id in scoped:
                yield function.name, f"line {call.lineno}: {first.id} is fetched without visible_to"


def asks_who_looks(chain: ast.expr) -> bool:
    """By the rule of the list (`visible_to`), or narrower: beneath the paths of one capability."""
    limits = {"visible_to", "beneath"}
    return any(links(call)[0] in limits for call in calls(chain))


def counted(source: str) -> Iterator[tuple[str, str]]:
    """Where numbers are made: the function and the line."""
    tree = ast.parse(source)
    for function in functions(tree):
        for call in calls(function):
            if is_count(call):
                yield (
                    function.name,
                    f"line {call.lineno}: {ast.unparse(call.func)}() makes a number",
                )
    for line in [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]:
        names = COUNTERS & {alias.name for alias in line.names}
        if (line.module or "").startswith("django.db") and names:
            yield "import", f"line {line.lineno}: {', '.join(sorted(names))} makes a number"


def is_count(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute):
        bare = (
            not call.args and not call.keywords
        )  # a list's or a text's own count takes an argument
        return (call.func.attr == "count" and bare) or call.func.attr == "aggregate"
    if getattr(call.func, "id", "") == "len" and call.args:
        return bool({"objects", "visible_to", "filter"} & set(links(call.args[0])))
    return False


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def links(chain: ast.expr) -> list[str]:
    """The names of a chain: `Task.objects.filter(…)` is Task, objects, filter."""
    names: list[str] = []
    while True:
        if isinstance(chain, ast.Call):
            chain = chain.func
        elif isinstance(chain, ast.Attribute):
            names.append(chain.attr)
            chain = chain.value
        elif isinstance(chain, ast.Subscript):
            chain = chain.value
        else:
            return [*names, getattr(chain, "id", "")]


def root_of(chain: ast.expr) -> str:
    return links(chain)[-1]


def widest(tree: ast.AST) -> Iterator[ast.expr]:
    """Whole chains: those that are no link of a longer one."""
    inner = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute | ast.Subscript)}
    inner |= {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.Attribute | ast.Subscript) and id(node) not in inner:
            yield node
