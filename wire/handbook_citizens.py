"""The chapter of docs/protocol.md about what citizens hand in. Text alone; handbook.py sets it.

The types are those of wire/submission.py and wire/citizen.py; the routes are told in docs/door.md.
"""

from typing import Final

CITIZENS: Final = """\
## What citizens hand in

None of it goes over MQTT: no topic, message or log has a word of it. A record is one line of
canonical JSON (its Head), a line feed, a signature in base64, a line feed, and sealed bytes; at
most {most} bytes in all. The Head tells kiosk, number, service and place, and nothing about a
person.

- **Sealed.** The Content is canonical JSON behind its length in four bytes, padded with zeros to a
  multiple of {bucket} bytes, and sealed by HPKE (X25519, HKDF-SHA256, AES-256-GCM) to one of the
  office's keys. `info` is `anjungan-seal-v1`, NUL, and kiosk, id, number, service, revision and key
  of the Head with NULs between: under another Head it does not open. The keys are `keys.json` of
  the content, signed with it by people; the newest whose time has come is used.
- **Signed.** Anybody can seal; what makes a record a kiosk's is Ed25519 by its portal's key over
  `anjungan-record-v1`, NUL, and the very text of the Head, which has the SHA-256 of the sealed
  bytes. The kiosk tells the office that key over a request signed by its identity.
- **Kept until it is known.** The portal shows a receipt number once the record is on the disk. The
  agent's child brings records to the door, oldest first, as often as it takes: the same bytes are
  the same record. It deletes one only by an Ack: canonical JSON with kiosk, id, SHA-256 of the
  whole record and outcome, signed by Ed25519 over `anjungan-ack-v1`, NUL, and that text, by a key
  of the `ack` list of the same `keys.json`. `accepted`: delete it. `refused`: put it aside, tell
  people.
- **News.** With a Told the kiosk asks for a Sync: how what was handed in there stands, when the
  mobile counter comes, what was reported near here, who is called, notices, and whether an officer
  comes. Nothing in it tells a person. It is asked for every few minutes, and at once when the
  office says News over MQTT: an empty word, unsigned, of which the kiosk heeds one in three seconds
  and in the long run one in twenty. A Question (number, last four digits of the telephone) is
  answered at once or not at all, and is never written to a disk. A Call for an officer has its page
  and nothing else; it is answered by a Coming, whose later states come with the Sync.
- **Photos from a telephone.** A ticket is base64url of "KIOSK ID EXPIRES" and the portal's Ed25519
  signature over `anjungan-photo-ticket-v1`, NUL, and that text. The record names it in its Content.

A record is refused for one of these reasons, the same for the same books; the office keeps its
bytes aside, and a person who has mended the reason may have it judged again.
"""

REFUSED: Final = {
    "malformed": "neither Head, signature nor sealed bytes can be told apart",
    "kiosk": "another kiosk's record was handed in",
    "unsigned": "the signature is wrong, or by a key that this kiosk never told",
    "edited": "the sealed bytes are not those of the Head: changed, or cut off",
    "seal": "sealed to a key that the office does not have, or not any more",
    "opened": "it does not open, or what is inside has another id or number than the Head",
    "number": "number or id stand for another record of this kiosk",
    "service": "the office knows no such service of that tenant",
}
