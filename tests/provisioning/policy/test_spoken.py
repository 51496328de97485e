"""Who signs by the words has seen all that the policy says."""

from provisioning.policy import spoken
from tests.support.signing import Ceremony, id_of
from wire.policy import Policy, Rule

CEREMONY = Ceremony("budi", "siti", roots=2, threshold=2)


def test_every_root_key_rule_and_limit_is_said() -> None:
    policy = CEREMONY.policy(3, raised={"reboot": "sensitive"}, an_hour={"reboot": 4})
    said = "\n".join(spoken.whole(policy))
    for key in (*CEREMONY.roots, CEREMONY.office, *CEREMONY.people.values()):
        assert id_of(key) in said
    for words in (
        "policy 3 of fleet kota-bandung",
        "2 of 2 roots",
        "budi may agree",
        "destructive: 2 people must agree, then 15 min must pass; at most 1000 kiosks",
        "more than 25 kiosks",
        "reboot counts as sensitive",
        "reboot: at most 4 an hour",
    ):
        assert words in said


def test_what_changes_is_said_and_nothing_else() -> None:
    before = CEREMONY.policy()
    after = CEREMONY.policy(2, fleet_wide=999_999)
    assert spoken.difference(before, after) == [
        "against version 1:",
        "- more than 25 kiosks at once need what is destructive needs",
        "+ more than 999999 kiosks at once need what is destructive needs",
    ]
    assert "nothing changes" in spoken.difference(before, CEREMONY.policy(2))[1]
    assert "first policy" in spoken.difference(None, before)[0]


def test_two_policies_that_differ_in_anything_are_said_differently() -> None:
    base = CEREMONY.policy()
    rules = {**base.rules, "sensitive": Rule(approvals=1, cool_off_s=1)}
    others: list[Policy] = [
        CEREMONY.policy(2),
        CEREMONY.policy(fleet="kota-lain"),
        CEREMONY.policy(roots=base.roots[:1], threshold=1),
        CEREMONY.policy(threshold=1),
        CEREMONY.policy(keys=base.keys[:-1]),
        CEREMONY.policy(rules=rules),
        CEREMONY.policy(fleet_wide=26),
        CEREMONY.policy(raised={"noop": "sensitive"}),
        CEREMONY.policy(an_hour={"noop": 1}),
    ]
    said = ["\n".join(spoken.whole(one)) for one in (base, *others)]
    assert len(set(said)) == len(said)
