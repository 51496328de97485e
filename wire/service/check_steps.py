"""The rules of `check` about how a submission is worked on: its states and its days. Pure."""

from collections.abc import Iterator
from typing import Final

from wire.lifecycle import SUBMISSION
from wire.service.document import STATES, Service, Step
from wire.service.problem import Problem

_MOVES: Final = frozenset((state, to) for (state, _), to in SUBMISSION.items() if state != to)
_LEAVES: Final = ("rejected", "taken", "withdrawn")  # a pack need not say what comes after
_COUNTED: Final = ("submitted", "verifying", "processing")  # while the office has it


def steps(service: Service) -> Iterator[Problem]:
    if not service.steps:
        if "apply" in service.modes:
            yield Problem("steps", "steps", "Tulis alur permohonan, mulai dari diajukan.",
                          "Say how a submission is worked on, from submitted on.")  # fmt: skip
        return
    if service.steps[0].state != "submitted":
        yield Problem("steps[0].state", "steps", "Alur dimulai dari diajukan (submitted).",
                      "The steps begin with submitted.")  # fmt: skip
    states = [step.state for step in service.steps]
    for at, step in enumerate(service.steps):
        if step.state in states[:at]:
            yield Problem(f"steps[{at}].state", "twice", f"Langkah {step.state} ada dua kali.",
                          f"The step {step.state} is there twice.")  # fmt: skip
        yield from _leads(f"steps[{at}]", step, frozenset(states))
    if not {"ready", "taken"} & _reached(service):
        yield Problem("steps", "steps", "Alur ini tidak pernah sampai siap diambil (ready).",
                      "These steps never come to ready.")  # fmt: skip


def length(service: Service) -> Iterator[Problem]:
    """The office must not promise less time than its own steps take."""
    promised = service.standard.duration.working_days
    taken = sum(step.days or 0 for step in service.steps if step.state in _COUNTED)
    if promised is not None and taken > promised:
        yield Problem("standard.duration.working_days", "length",
                      f"Langkahnya perlu {taken} hari kerja, yang dijanjikan {promised}.",
                      f"The steps take {taken} working days, {promised} are promised.",
                      )  # fmt: skip


def _leads(path: str, step: Step, states: frozenset[str]) -> Iterator[Problem]:
    if not step.to and step.state not in _LEAVES:
        yield Problem(f"{path}.to", "steps", f"Dari {step.state} tidak ada langkah berikutnya.",
                      f"Nothing comes after {step.state}.")  # fmt: skip
    for at, to in enumerate(step.to):
        if (step.state, to) not in _MOVES:
            yield Problem(f"{path}.to[{at}]", "move", f"Dari {step.state} tidak bisa ke {to}.",
                          f"From {step.state} nothing goes to {to}.")  # fmt: skip
        if to not in states and to not in _LEAVES:
            yield Problem(f"{path}.to[{at}]", "steps", f"Langkah {to} belum ditulis.",
                          f"There is no step {to}.")  # fmt: skip


def _reached(service: Service) -> set[str]:
    leads = {step.state: step.to for step in service.steps}
    found = {"submitted"}
    for _ in STATES:
        found |= {to for state in found for to in leads.get(state, ())}
    return found
