"""A rollout in words: what asking for it would mean, and what became of it. Pure.

Reasons and notes come from kiosks: nothing is printed that moves a terminal.
"""

from controller.rollouts.ask import Request
from controller.rollouts.dry import DryRun
from controller.rollouts.shapes import Group, PhaseRow, Rollout, RolloutRow, ShareRow
from provisioning.follow import moment


def spoken(request: Request, told: DryRun) -> list[str]:
    """What asking would mean, in words."""
    name = f"{request.bundle}-{request.seq}"
    having = ", ".join(f"{many} have {since or 'none'}" for since, many in told.by_since.items())
    cost = f", costs {told.cost:.2f}" if told.cost else ""
    phases = ", ".join(map(str, told.phases))
    said = [
        f"{name} on {told.kiosks} kiosks, {told.online} of them online; {having}",
        f"phases of {phases} kiosks; the last {told.held_back} are held back to compare with",
        f"{told.bytes} bytes in all{cost}; the slowest line needs {told.slowest_s:.0f} s",
        f"from {moment(told.begins)} to {moment(told.ends)} if every phase goes well at once",
    ]
    if told.approvals:
        said.append(f"{told.approvals} other people must agree")
    said += [f"warning: {one}" for one in told.warnings]
    return [*said, *(f"cannot: {one.why} ({one.code})" for one in told.problems)]


def whole(found: Rollout) -> list[str]:
    row, both = found.row, found.compared
    words = ", ".join(f"{one.login} {moment(one.at)}" for one in found.words)
    ends = f"; over by {moment(found.ends)}" if found.ends else ""
    limits = f"by chance: {both.chance:.4f}, stops below {both.limit:.4f}"
    return [
        summary(row),
        f"asked by {row.asked_by} {moment(row.asked_at)}: {row.why}{ends}",
        *([f"agreed: {row.given} of {row.approvals}: {words}"] if row.approvals else []),
        *(_phase(one) for one in found.phases),
        f"updated: {_group(both.updated)}; held back: {_group(both.control)}; {limits}",
        *(f"{moment(one.at)}  {one.what}  {plain(one.why)}" for one in found.decisions),
    ]


def _phase(one: PhaseRow) -> str:
    what = "held back" if one.held_back else one.bound or "a list"
    counts = ", ".join(f"{many} {state}" for state, many in sorted(one.counts.items()))
    return f"phase {one.number} ({what}){' open' if one.open else ''}: {counts or 'nobody'}"


def _group(one: Group) -> str:
    return (
        f"{one.bad} of {one.kiosks} bad ({one.unserved} unserved, {one.silent} silent, "
        f"{one.returned} went back)"
    )


def summary(row: RolloutRow) -> str:
    counts = ", ".join(f"{many} {state}" for state, many in sorted(row.counts.items()))
    why = f" ({plain(row.state_why)})" if row.state_why else ""
    return (
        f"rollout {row.id}  {row.bundle}-{row.seq}  {row.state}{why}  "
        f"phase {row.phase} of {row.phases}; {counts}"
    )


def plain(text: str) -> str:
    """What kiosks said moves nobody's terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]


def share(one: ShareRow) -> str:
    return f"  phase {one.phase}  {one.kiosk}  {one.state}  {one.verdict}  {plain(one.why)}"
