"""The hand-written chapters of the protocol handbook. Texts only; `wire.handbook` adds the tables.

A chapter says what both sides may rely on and why the obvious version fails. Numbers that the code
owns are filled in by the handbook, as `{name}`.
"""

from typing import Final

OPENING: Final = """\
# The protocol between kiosk and office

This file is generated (`python -m provisioning.docs`); a test keeps it fresh. The same types as an
AsyncAPI 3 document: [asyncapi.json](asyncapi.json).

MQTT 5 is the doorbell, never the store of record: a PUBACK says that the broker has a message in
memory and no more. What must not be lost is kept by the kiosk until the office says that it is
stored. Everything below follows from that.
"""

SESSIONS: Final = """\
## Sessions

| | kiosk | office |
|---|---|---|
| client identifier | the kiosk's name | `office-pNN`, one for each of {partitions} partitions |
| Clean Start | 0, on every connect | 0, on every connect |
| Session Expiry Interval | 4294967295: never by itself | the same |
| Keep Alive | {keepalive} s, configurable | 30 s |
| Receive Maximum | its sending window: min(the server's, {window}) | {receive} |
| Will | a Death on `up/death`, QoS 1, not retained | none |
| Will Delay Interval | {will_delay} s, configurable | |
| subscribes, on every connect | its own `down/+`, its partition's `_all/down/+` | `pNN/+/up/+` |

Everything is published with QoS 1 and never retained. A PUBACK with a Reason Code of 0x10 (no
matching subscribers) or more counts as *not delivered*: nobody will get that message. The kiosk
pauses, longer each time, and begins again with a birth on the same connection; any word of the
office ends the pause, a roll call within 5 s. Both sides subscribe again on every connect even when
the CONNACK says Session Present, because a broker that lost its memory says so too late.

A controller that holds no partition keeps one connection without subscription,
`office-scout-<random>`, Clean Start 1, to know whether it could hear. One that cannot hear for 10 s
while another can gives its partitions up.

The office acknowledges a message to the broker only after its transaction is committed. Whoever
holds the lease of a partition opens that partition's session: a successor therefore inherits what
the dead controller had not acknowledged, and the broker itself ends the connection of one that
only seemed dead (Session Taken Over, 0x8E).
"""

THREAD: Final = """\
## The thread: epoch, birth, seq

- `epoch`: sixteen hex digits made together with the kiosk's outbox and lost with it. It names what
  the kiosk remembers.
- `birth`: counts the connections within that memory. It is raised, durably, *before* each CONNECT,
  so that the will left with the broker already carries it.
- `seq`: counts messages within that birth from 0. Every message but Death carries one.

The office orders what it hears from a kiosk by (epoch, birth, seq):

| what arrives | what the office does |
|---|---|
| a Birth of an unknown epoch | begins a new thread |
| anything else of an unknown epoch | drops and counts it, asks for a rebirth |
| known epoch, older birth | stale: drops and counts it |
| known epoch, newer birth, not a Birth | takes it and asks for a rebirth: the Birth was lost |
| same birth, `seq` not above the last | duplicate: drops and counts it, acks its fact again |
| same birth, `seq` the next one | takes it |
| same birth, `seq` beyond the next one | a gap: takes it, counts the missing, asks for a rebirth |

```
kiosk                                    office
  | CONNECT  (Will: Death e=E b=7)         |
  | Birth    e=E b=7 seq=0  -------------> | new thread, kiosk online
  | Reading  seq=1 full     -------------> | every probe
  | Flip     seq=2 fact=41  -------------> | stored
  | <------------------------ Ack upto=41  | after the commit
  | Reading  seq=3          -------------> | by exception from here on
```
"""

READINGS: Final = """\
## Readings: by exception

A reading says what probes see now. It is sent when a probe changes its state or a fact moves beyond
its dead band, and in full after a birth, on request and rarely otherwise. There is no heartbeat:
silence is carried by Keep Alive and the will.

A reading gets its `seq` when it is sent, not when it is made. What could not be sent yet is merged
for each probe, the newest wins; so a long silence ends with one picture and not with a thousand.
A reading that was sent and lost shows as a gap, and the rebirth replaces it.

`unknown` is a state of its own. It is never counted as good nor as bad, and always says why.
"""

FACTS: Final = """\
## Facts: go-back-N, acknowledged end to end

A fact (a Flip: one probe changed its state) is numbered 1, 2, 3 ... within the epoch, stored on the
kiosk with a synchronous write before it is sent, and kept until `Ack.upto` has reached its number.

The office keeps one number for each kiosk, `upto`, and stores fact n in the same transaction:

| fact n | the office |
|---|---|
| n = upto + 1 | stores it, upto := n, acknowledges |
| n <= upto | has it: acknowledges again |
| n > upto + 1 | a hole: does not store it, acknowledges `upto` again, so that the kiosk goes back |

The kiosk has at most 64 facts sent and not acknowledged. It sends again from the oldest of them
after each birth, when an acknowledgement shows a hole, and after 20 s without progress while
connected; then with one fact only and ever longer pauses, up to ten minutes, so that an office that
is away is asked and not flooded. Facts may thus arrive twice; they are stored once, and in order.

`Birth.oldest_fact` is the lowest number that the kiosk can still give. If the office needs a lower
one, those facts are gone: `upto` jumps to `oldest_fact - 1`, the jump is counted and raises
`kiosk.facts_lost`. In a new epoch `upto` begins at `oldest_fact - 1`, and nothing is counted.

Why not stop at the broker's PUBACK: a broker killed after it keeps nothing of the last seconds.
"""

DEATH: Final = """\
## Death and stale wills

A Death is either planned (the agent stops in order and says so) or the will, which the broker sends
when the connection broke and the Will Delay Interval is over. The delay hides short drops: a kiosk
that is back within it was never away.

A will can arrive after the kiosk is back, for instance when the broker was restarted. It carries
(epoch, birth) of the connection it was left with; a Death of another epoch or an earlier birth than
the current one is stale, ignored and counted. One of a *later* birth counts: the birth itself was
lost. It has no `seq`, because it was written before anything was sent.
"""

REBIRTH: Final = """\
## Gaps and rebirth

On a gap the office sends Rebirth, at most once in 30 s for each kiosk. The kiosk answers on the
same connection with a Birth of the *same* birth number, which carries the next `seq` (`seq` 0 is
for a new connection only), then a full Reading, and sends its facts again from the oldest.
"""

ROLL_CALL: Final = """\
## When the office was deaf: roll call

If the office's own link or its controller was away, wills may have been missed and silence proves
nothing. Kiosks that were `online` become `unknown` (not offline), and each partition is asked once:
`RollCall(call, within_s)` on `_all/down/rollcall`. Every kiosk answers Present at a random moment
within `within_s`. Who was not heard within `within_s` + 15 s is offline, with the reason
"silent at roll call". Anything heard counts as an answer.
"""

CLOCKS: Final = """\
## Clocks

Times in messages are the kiosk's own clock in milliseconds since 1970, and that clock may be wrong.
The office therefore uses differences:

- age of an observation = `sent` - `at`, both by the kiosk's clock;
- its real time = when it was received - that age, if 0 <= age <= 90 days, else when it was
  received;
- offset of the clock = `sent` - when it was received. Beyond 120 s the fault `kiosk.clock_wrong`
  opens; nothing is refused for it.
"""

COMMANDS: Final = """\
## Commands

A command lives in the office's database; what travels is a doorbell that may ring twice or never.
After every birth, and whenever something is added or cancelled, the office says `Orders`: all that
is open for this kiosk, lowest number first, as a Batch signed by the office's key and bound to the
nonce of the kiosk's present birth. What was said in another connection proves nothing, and `now`
in a Batch is a time nobody can have made up: the office's clock lies between it and it plus what
the kiosk's steady clock has counted since it drew the nonce. The kiosk judges expiry by the later
end and beginnings by the earlier one, and never asks its own clock, which may be dead. What people
have agreed to is over when the time ever was past its end, also when the office says otherwise now.

In this order, the dearest last, the kiosk asks: size, JSON, version; the signature by a key its
policy knows as the office's; fleet, kiosk, nonce; then for each envelope: canonical text, a kind of
the table below with its own arguments and no others, its name in the tree of the order (`address`),
the number of kiosks (`too_many`), enough different people for its power (`threshold`), the time:
`expired`, then `future`, then `too_soon`, which is no answer but waits; last its ledger: an
identity it knows is answered and not done again, and a number that is not above all it has ever
taken is refused (`replayed`). No number jumps beyond 2^52, so that none is ever the last. A policy
that strikes off a key of the office takes the time it told with it, and all that waits.

The kiosk writes down what it is about to do, on the disk, before it does it. What a cut of the
power found half done is done again, taken back, or reported as `unknown`, by the kind. Its end is a
Result: a fact like any other, kept until the office acknowledges it.

An Order is what people agree to, one for a job of many kiosks: they sign its text with keys the
office does not hold. It names its kiosks by the root of a hash tree whose leaves are
SHA-256(0x00, kiosk, line feed, earliest moment in decimal) and whose nodes are SHA-256(0x01, left,
right), an odd one moving up as it is: nobody adds a kiosk or hurries a wave afterwards. A tree of
`count` leaves has one way from each leaf to the root, and a proof must be one of them: no order
reaches more kiosks than it says. The name of a command is the first 32 hex digits of
SHA-256(`anjungan-command-v1`, NUL, kiosk, NUL, the Order), so that what was agreed to once cannot
be repeated under another name.

Signed bytes: `anjungan-orders-v1`, NUL, the Batch; `anjungan-approval-v1`, NUL, the decimal `at`,
NUL, the Order; `anjungan-policy-v1`, NUL, the Policy. A text is canonical when its keys are sorted,
nothing is said twice and no space stands between; another spelling of the same is refused.

Who may command is written in a Policy that the roots sign, keys that are not in the office. A newer
one must be signed by enough roots of the present one and of its own. No policy lets fewer than two
people do what is destructive, nor asks less for what is more dangerous.
"""

WHY_NOT: Final = """\
### Why not

The `code` of a Result is for programs, its `why` for a person. Rejected is what the kiosk never
began and would refuse again; failed is what it tried; expired and cancelled did nothing. `unknown`
means that nobody can tell. Only failed, expired and unknown are asked again by *retry*.
"""

WHY_NOT_DONE: Final = """\
### Why it could not be done

What an action met, with the same who must act. The *asker* is whoever gave the command, the
*installer* who set the kiosk up.
"""

REFUSALS: Final = """\
## What is refused

Whatever the bytes, the codec answers with a message or with MalformedMessage and one of these
reasons. A refused message is acknowledged to the broker (it will not get better), counted by reason
in `/metrics`, kept among the newest thousand dead letters, and touches nobody's data. Fields that
nobody knows are tolerated; other versions are refused aloud. Most bytes in a message: {most}.
"""

RELEASES: Final = """\
## Releases

What arrives to be shown or run is a release: one numbered state of a bundle of files. Its index is
signed by k of n people whose keys the office does not have; the office only chooses among signed
releases. Signatures, versions and expiry are those of TUF (root, targets, the delegated roles
`content` and `software`, snapshot, timestamp); the target of a release is its index, compressed
by zstd, and the `custom` of the target is an About. Indexes, chunks and packs are plain files below
one address, the office's door (`/v1/releases/`) or any other; nothing of what comes from there is
believed but by hash and signature.

- `desired` tells a kiosk what it shall have: the text of a Wants, signed by the office's key over
  `anjungan-wants-v1`, NUL, and the text, for this fleet, this kiosk and the nonce of its present
  birth. A Want whose number is not higher than the last one's of its bundle says nothing new. What
  is desired is kept on the kiosk's disk and outlives its connection.
- A kiosk fetches as soon as it may (its budget, its quiet hours), from its own older releases
  first, then from neighbours, a pack, single chunks; it switches within the Want's windows, never
  while a citizen is at it, and goes back by itself when what it shows is not well. A release that
  failed so is not tried again until the office says a higher attempt.
- `fetching` tells how far it is, and may be lost. `install` is a fact: how it ended, and what is in
  use now. Every birth says what is in use, so that office and kiosk agree after anything.
- A kiosk goes back to no release older than the `min_seq` of one it has confirmed.
- Time is the office's signed word where there is one; the floor only rises from signed moments
  (`built_at`, TUF's, the office's), never from the kiosk's own clock.
"""
LIFECYCLES: Final = """\
## State tables

A pair that is not in its table is a programming error, never a guess.
"""

CATALOGUE: Final = """\
## Fault catalogue

Codes are stable for ever, texts may improve. *Opens* and *clears* are how long the evidence must
hold or be gone before the office believes it; what a kiosk reports it has already confirmed itself.
"""
