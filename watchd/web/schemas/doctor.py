"""For the admin: what is amiss, and the mend."""

from watchd.model.diagnosis import Level
from watchd.web.schemas.operations import Operation, Operations, answering
from watchd.web.schemas.shapes import Json, maybe, named, one_of, record, rows, text


def schemas() -> Json:
    about, mend = text("The part of watchd."), maybe(text("The command or setting that helps."))
    return {"Finding": record({"level": one_of(Level), "about": about, "text": text(), "mend": mend})}


def operations() -> Operations:
    found = answering("What is well first, what is bad last.", record({"findings": rows(named("Finding"))}))
    return {
        ("GET", "/api/doctor"): Operation(
            "admin", "What is amiss, and the mend", {200: found}, {404: "There is no such thing here."}
        )
    }
