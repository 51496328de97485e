"""The office's words about keys: the first lists, the next ones, and what the log says of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.store.people_tables import audit
from controller.store.release_tables import signing
from provisioning.policy import keys
from provisioning.release import ceremony, event, office, offline
from provisioning.release.drafts import Changes
from provisioning.terminal import now
from tests.support.release_keys import Held, hold, id_of

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def url(sqlite_url: str) -> str:
    migrate(sqlite_url)
    return sqlite_url


@pytest.fixture
def run(url: str, held: Held, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(word: str, *more: str, releases: Path | None = None) -> tuple[int, str]:
        where = ("--database", url, "--releases", str(releases or held.releases))
        code = office.main([word, *where, *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_all_keys_at_hand_are_made_once(run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new"
    words = ("--release-key", str(tmp_path / "online.pem"), "--at-hand", str(tmp_path / "hands"))
    code, said = run("init", *words, releases=new)
    assert code == 0
    assert "content/* is signed by 2 of 2 keys" in said
    assert "there are lists of keys already" in run("init", *words, releases=new)[1]
    assert ceremony.newest(new, "root") == 1


def test_keys_that_are_elsewhere_sign_the_first_lists_from_a_file(run: Run, tmp_path: Path) -> None:
    places = {one: tmp_path / f"{one}.pem" for one in ("r1", "r2", "c1", "c2")}
    public = {one: keys.public(keys.make(path)) for one, path in places.items()}
    (tmp_path / "r2.pub").write_text(f"{public['r2']}\n")
    out, new = tmp_path / "first", tmp_path / "new"
    words = ["--release-key", str(tmp_path / "o.pem"), "--out", str(out)]
    words += ["--root", f"{public['r1']}=kepala", "--root", f"{tmp_path / 'r2.pub'}=wakil"]
    words += ["--content", f"{public['c1']}=pagi", "--content", f"{public['c2']}"]
    code, said = run("init", *words, releases=new)
    assert code == 0
    assert "to be signed: root: 2 more" in said
    assert "(kepala)" in said
    assert "not enough have signed" in run("store", str(out), releases=new)[1]
    for path in places.values():
        assert offline.main(["sign", str(out), "--key", str(path), "--yes"], {}) == 0
    code, said = run("store", str(out), releases=new)
    assert code == 0
    assert "stored: 1.root.json" in said


def test_a_key_is_added_proposed_signed_stored_and_written_down(
    run: Run, held: Held, url: str, tmp_path: Path
) -> None:
    public = keys.public(keys.make(tmp_path / "new.pem"))
    out = str(tmp_path / "next")
    assert "+ targets" in run("propose", "--add", "content", f"{public}=pagi", "--out", out)[1]
    roots = [word for n in (1, 2) for word in ("--key", str(held.keys / f"root-{n}.pem"))]
    assert offline.main(["sign", out, *roots, "--yes"], {}) == 0
    assert run("store", out)[0] == 0
    assert "(pagi)" in run("show")[1]
    engine = open_engine(url)
    with engine.connect() as conn:
        row = conn.execute(select(audit).where(audit.c.what == "release.keys")).one()
    engine.dispose()
    assert row.detail["files"] == ["2.targets.json"]


def test_where_keys_are_at_hand_one_word_does_it_all(run: Run, held: Held, tmp_path: Path) -> None:
    gone = id_of(held.at_hand.content[1])
    public = keys.public(keys.make(tmp_path / "new.pem"))
    at_hand = ("--at-hand", str(held.keys))
    assert run("admit", *at_hand, "--add", "content", f"{public}=pagi")[0] == 0
    code, said = run("admit", *at_hand, "--remove", "content", gone[:10])
    assert (code, "content: 1 more" in said) == (2, True), "who is left must sign what was signed"
    code, said = run("admit", *at_hand, "--rotate-release-key", str(tmp_path / "online-2.pem"))
    assert code == 0
    assert "2.root.json" in said


def test_lists_under_a_release_that_waits_are_not_replaced(
    run: Run, held: Held, url: str, tmp_path: Path
) -> None:
    engine = open_engine(url)
    row = {"role": "content", "version": 2, "text": "", "threshold": 2, "what": "renew"}
    with writing(engine) as conn:
        conn.execute(insert(signing).values(**row, state="open", made_at=1, made_by="pagi"))
    engine.dispose()
    new = keys.make(tmp_path / "new.pem")
    gone = id_of(held.at_hand.content[1])
    changes = Changes(add=(("content", keys.public(new), ""),), remove=(("content", gone),))
    made = ceremony.propose(held.releases, changes, now())
    event.save(tmp_path / "next", ceremony.signed(made, [*held.at_hand.every, new]))
    code, said = run("store", str(tmp_path / "next"))
    assert code == 2
    assert "waits for signatures" in said
    assert run("admit", "--at-hand", str(held.keys), "--renew")[0] == 0, "no release is concerned"


def test_an_end_that_comes_near_is_said(run: Run, tmp_path: Path) -> None:
    old = hold(tmp_path / "old", now() - 310 * 86_400_000)
    said = run("show", releases=old.releases)[1]
    assert said.count("WARNING") == 4
    assert "targets ends in 54 days" in said
    assert "WARNING" not in run("show")[1]


def test_what_was_not_said_is_asked_for(run: Run, tmp_path: Path) -> None:
    key = ("--release-key", str(tmp_path / "o.pem"))
    assert "--out FILE" in run("init", *key, releases=tmp_path / "new")[1]
    assert "no lists of keys yet" in run("show", releases=tmp_path / "new")[1]
    assert run("propose", "--out", str(tmp_path / "x"))[0] == 2
    assert run("propose", "--out", str(tmp_path / "x"), "--add", "content", "nonsense")[0] == 2
