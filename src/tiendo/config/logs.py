"""What the house writes down while it runs: one line for each thing, for machines in production, and never what people typed."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HOUSE = Path(__file__).resolve().parents[3]
# The framework puts addresses into these, and an address may hold a key to a new password.
ADDRESSED = ("django.request", "django.security", "django.server")


def shape(*, for_machines: bool, level: str, with_contents: bool) -> dict[str, Any]:
    """The framework's LOGGING. `with_contents` (debugging alone) lets messages of faults through."""
    say: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if for_machines
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    discreet: list[Processor] = [without_addresses, without_contents]
    frank: list[Processor] = [structlog.processors.format_exc_info] if for_machines else []
    foreign = [*COMMON, structlog.stdlib.ExtraAdder(allow=("status_code",))]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": foreign,
                "processors": [
                    *(frank if with_contents else discreet),
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    say,
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "tiendo.requests": {"level": "INFO" if for_machines else level},
            "django.request": {"level": "ERROR"},  # our own line tells of the rest
            "_granian": {"level": "INFO"},  # the web server
        },
    }


COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def begin() -> None:
    """Lines of our own take the same way as the framework's."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def without_addresses(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of a line with an address in it only what it is about; of a failed job only its name."""
    record: logging.LogRecord = event["_record"]
    if record.name.startswith(ADDRESSED):
        event["event"] = "a request failed" if record.name == "django.request" else record.name
    if record.name == "django-q":
        event["event"] = str(event["event"]).partition(" - ")[0]
    if record.name.startswith("tiendo.web.api"):
        event["event"] = str(record.msg)
    return event


def without_contents(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of a fault its kind and where it happened; its message may quote what somebody typed."""
    fault = event.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()
    if isinstance(fault, BaseException):
        fault = (type(fault), fault, fault.__traceback__)
    if fault and fault[1] is not None:
        kinds = dict.fromkeys(type(one).__name__ for one in causes(fault[1]))
        event["fault"] = " < ".join(kinds)
        event["where"] = places(fault[2])
    return event


def causes(fault: BaseException) -> list[BaseException]:
    chain = [fault]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    return chain


def places(trace: TracebackType | None) -> list[str]:
    """File, line and function of the last steps; never a line of code, which may hold a word too."""
    steps = traceback.extract_tb(trace)[-12:]
    return [f"{short(step.filename)}:{step.lineno} {step.name}" for step in steps]


def short(name: str) -> str:
    return str(Path(name).relative_to(HOUSE)) if name.startswith(str(HOUSE)) else name


def last_resort(
    kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """What nobody caught ends a process of the house; the log says where."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, fault, trace)
        return
    logging.getLogger("tiendo").critical("the process ends", exc_info=(kind, fault, trace))
