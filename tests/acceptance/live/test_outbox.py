"""What was promised is delivered by a running server, at least once under one id, and seen when it cannot be."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import jsonschema
import pytest
from standardwebhooks.webhooks import Webhook

from ripeline.entry.schemas import schema
from tests.acceptance.examples import ripeline_here as ripeline
from tests.acceptance.live.outbox import SECRET, chat, counts, mail, settings, settled, shown, states, told, webhook
from tests.acceptance.live.receivers import Heard, Post, Said, Web, post, web
from tests.acceptance.live.served import Served, serving
from tests.acceptance.live.shop import DEFINITION, START

pytestmark = [pytest.mark.acceptance, pytest.mark.engine_duckdb]

WELL, ILL = Said(200), Said(500)


@contextmanager
def running(root: Path, send: str = "true", more: str = "") -> Iterator[tuple[Served, Web, Post]]:
    """Run a server with a web server and a mail server that it tells of everything."""
    with ExitStack() as stack:
        receiver, mails = stack.enter_context(web()), stack.enter_context(post())
        text = settings(receiver.port, mails.port, send) + more
        yield stack.enter_context(serving(root / "shop", DEFINITION, text, START)), receiver, mails


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[tuple[Served, Web, Post]]:
    with running(tmp_path) as found:
        yield found


def wait_until(holds: Callable[[], object], within_s: float = 30) -> None:
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def wait_for(receiver: Web, requests: int) -> None:
    wait_until(lambda: len(receiver.heard) >= requests)


def later(**more: float) -> str:
    return (START + timedelta(**more)).isoformat()


def test_each_kind_arrives(outbox: tuple[Served, Web, Post]) -> None:
    served, receiver, mails = outbox
    ids = told(served, webhook(), mail(), chat())
    assert settled(served) == {"delivered": 3}
    (hook,) = receiver.of("/crm")
    assert hook.id == ids[0]
    at = datetime.fromtimestamp(int(hook.headers["webhook-timestamp"]), UTC)
    assert at == START
    assert hook.headers["webhook-signature"] == Webhook(SECRET).sign(hook.id, at, hook.body.decode())
    (said,) = receiver.of("/services/T0/hunter2")
    assert said.body == b'{"text": "ada is ripe"}'
    assert [one["To"] for one in mails.accepted] == ["kim@acme.example"]
    assert [shown(served, one)["sequence"] for one in ids] == [1, 2, 3]


def test_the_ladder_is_climbed_by_the_clock_and_given_up_at_its_end(outbox: tuple[Served, Web, Post]) -> None:
    served, receiver, _ = outbox
    receiver.answering = lambda _: ILL
    (promised,) = told(served, webhook())
    served.due(later())
    # Since the first attempt, as the specification adds them up; a second before each of them nothing happens.
    for tried, seconds in enumerate((5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105), start=1):
        served.due(later(seconds=seconds - 1))
        assert len(receiver.heard) == tried
        assert shown(served, promised)["state"] == "waiting"
        served.due(later(seconds=seconds))
        assert len(receiver.heard) == tried + 1
    found = shown(served, promised)
    jsonschema.Draft202012Validator(schema("message")).validate(found)
    assert (found["state"], found["tried"], found["next_at"], len(found["attempts"])) == ("dead", 10, None, 10)
    assert {one["status"] for one in found["attempts"]} == {500}
    assert {one.id for one in receiver.heard} == {promised}
    assert "a message is dead" in served.log()

    receiver.answering = lambda _: WELL
    assert served.tell("/api/outbox/resend?destination=slow", None).json == {"resent": 0}
    assert served.tell("/api/outbox/resend?destination=crm", None).json == {"resent": 1}
    assert settled(served) == {"delivered": 1}
    assert len(shown(served, promised)["attempts"]) == 11
    assert {one.id for one in receiver.heard} == {promised}


def test_who_wants_no_more_is_named(outbox: tuple[Served, Web, Post]) -> None:
    served, receiver, _ = outbox
    receiver.answering = lambda _: Said(410)
    (promised,) = told(served, webhook())
    assert settled(served) == {"dead": 1}
    assert "410 Gone" in shown(served, promised)["last"]["error"]
    assert '"what":"a destination wants no more messages"' in served.log()
    assert '"lane":"webhook crm"' in served.log()


def test_who_has_too_much_to_do_is_left_alone(outbox: tuple[Served, Web, Post]) -> None:
    """Slack says how long; meanwhile its other messages wait as well, without an attempt of theirs being lost."""
    served, receiver, _ = outbox
    receiver.answering = lambda _: Said(429, {"Retry-After": "60"})
    ids = told(served, chat(), chat(), chat())
    served.due(later())
    wait_until(lambda: len(receiver.heard) == 1)
    served.due(later(seconds=59))
    assert [shown(served, one)["tried"] for one in ids] == [1, 0, 0]
    receiver.answering = lambda _: WELL
    served.due(later(seconds=60))
    assert counts(served) == {"delivered": 3}


def test_a_slow_destination_holds_up_no_other(outbox: tuple[Served, Web, Post]) -> None:
    served, receiver, mails = outbox
    receiver.answering = lambda one: Said(hang=True) if one.path == "/slow" else WELL
    # The receiver of this test answers one request at a time, so what hangs is let go on by hand below.
    told(served, *(webhook("slow") for _ in range(20)))
    wait_until(lambda: len(receiver.of("/slow")) == 8)
    told(served, *(webhook("crm") for _ in range(20)), mail(), chat())
    wait_until(lambda: len(receiver.of("/crm")) == 20 and mails.accepted and receiver.of("/services/T0/hunter2"))
    assert len(receiver.of("/slow")) == 8
    # The server itself answers as ever.
    assert served.ask("/health").status == 200
    receiver.answering = lambda _: WELL
    receiver.go_on.set()
    assert settled(served) == {"delivered": 42}


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost(outbox: tuple[Served, Web, Post]) -> None:
    """Each message arrives under the id it was given; what was under way when the server died is sent again."""
    served, receiver, _ = outbox
    tries = Counter[str]()

    def failing(one: Heard) -> Said:
        tries[one.id] += 1
        return ILL if tries[one.id] == 1 and int(one.id[-1], 16) < 5 else WELL

    receiver.answering = failing
    ids = told(served, *(webhook(lead=f"lead{number}") for number in range(300)))
    for heard in (40, 120, 200):
        wait_for(receiver, heard)
        served.kill()
        served.start()
    # The first attempt of the last ones may have been right now.
    for seconds in (5, 10):
        served.due(later(seconds=seconds))
    assert settled(served) == {"delivered": 300}
    assert set(tries) == set(ids)
    for one in {one.id: one for one in receiver.heard}.values():
        at = datetime.fromtimestamp(int(one.headers["webhook-timestamp"]), UTC)
        assert one.headers["webhook-signature"] == Webhook(SECRET).sign(one.id, at, one.body.decode())


def test_a_mail_that_was_cut_off_is_not_sent_twice(outbox: tuple[Served, Web, Post]) -> None:
    served, _, mails = outbox
    mails.on_data = lambda: "cut"
    (promised,) = told(served, mail())
    assert settled(served) == {"uncertain": 1}
    mails.on_data = lambda: None
    served.due(later(days=10))
    assert (len(mails.cut), len(mails.accepted)) == (1, 0)
    assert "not known" in shown(served, promised)["last"]["error"]
    assert served.tell(f"/api/outbox/{promised}/resend", None).json == {"resent": 1}
    assert settled(served) == {"delivered": 1}
    assert (
        [one["Message-ID"] for one in mails.accepted]
        == [f"<{promised}@acme.example>"]
        == [one["Message-ID"] for one in mails.cut]
    )


def test_killed_while_a_mail_is_handed_over(outbox: tuple[Served, Web, Post]) -> None:
    served, _, mails = outbox
    mails.on_data = lambda: "hang"
    (promised,) = told(served, mail())
    assert mails.hanging.wait(30)
    served.kill()
    mails.on_data = lambda: None
    served.start()
    assert settled(served) == {"uncertain": 1}
    assert f'"what":"a message is uncertain","message":"{promised}"' in served.log()
    served.due(later(days=10))
    assert (len(mails.cut), len(mails.accepted)) == (1, 0)


def test_killed_before_a_mail_is_handed_over(outbox: tuple[Served, Web, Post]) -> None:
    """What cannot have arrived is sent by the next server."""
    served, _, mails = outbox
    mails.on_rcpt = lambda: "450 later"
    told(served, mail())
    wait_until(lambda: mails.asked)
    served.kill()
    mails.on_rcpt = lambda: None
    served.start()
    served.due(later(seconds=5))
    assert settled(served) == {"delivered": 1}
    assert len(mails.accepted) == 1


def test_what_a_mail_server_refuses(outbox: tuple[Served, Web, Post]) -> None:
    served, _, mails = outbox
    answers = iter(["450 later", "451 later", None, "550 nobody"])
    mails.on_rcpt = lambda: next(answers)
    (first,) = told(served, mail())
    for seconds in (0, 5, 305):
        served.due(later(seconds=seconds))
    assert shown(served, first)["state"] == "delivered"
    assert len(mails.accepted) == 1
    (second,) = told(served, mail("nobody@acme.example"))
    assert settled(served) == {"delivered": 1, "dead": 1}
    assert shown(served, second)["last"] == {
        "at": "2026-03-27T09:05:05.000000Z",
        "status": 550,
        "error": "the mail server answered 550 to the recipient's address",
    }
    assert len(mails.accepted) == 1


def test_a_destination_that_the_settings_do_not_name(outbox: tuple[Served, Web, Post]) -> None:
    served, _, _ = outbox
    (promised,) = told(served, webhook("gone"))
    assert settled(served) == {"dead": 1}
    assert "the settings name no such destination" in shown(served, promised)["last"]["error"]
    refused = served.tell(f"/api/outbox/{promised}/resend", None)
    assert (refused.status, refused.json["code"]) == (400, "bad_input")
    assert "[outbox.webhooks.gone]" in refused.json["message"]


def test_in_the_shadow_everything_is_kept_and_nothing_leaves(tmp_path: Path) -> None:
    with running(tmp_path, send="false") as (served, receiver, mails):
        (first, *_) = told(served, webhook(), mail(), chat())
        assert settled(served) == {"held": 3}
        assert "send = false" in served.tell(f"/api/outbox/{first}/resend", None).json["message"]
        assert "send = false" in served.tell("/api/outbox/release", {}).json["message"]
        served.stop()
        file = served.workspace.root / "ripeline.toml"
        file.write_text(file.read_text().replace("send = false", "send = true"))
        served.start()
        told(served, webhook())
        assert settled(served) == {"held": 3, "delivered": 1}
        assert served.tell("/api/outbox/release", {"only_new": True}).json == {"resent": 0}
        assert served.tell("/api/outbox/release", {"only_nwe": True}).status == 400
        assert len(receiver.heard) == 1
        assert served.tell("/api/outbox/release", {}).json == {"resent": 3}
        assert settled(served) == {"delivered": 4}
        assert (len(receiver.heard), len(mails.accepted)) == (3, 1)


def test_a_restored_copy_sends_nothing_until_it_is_released(outbox: tuple[Served, Web, Post], tmp_path: Path) -> None:
    served, receiver, mails = outbox
    receiver.answering = lambda _: ILL
    (promised,) = told(served, webhook())
    wait_until(lambda: receiver.heard)
    mails.on_data = lambda: "hang"
    told(served, mail())
    assert mails.hanging.wait(30)
    backup, root = tmp_path / "backup.tar", tmp_path / "copy"
    assert ripeline("backup", backup, "-w", served.workspace.root).returncode == 0
    served.kill()
    assert ripeline("restore", backup, "-w", root).returncode == 0
    receiver.answering = lambda _: WELL
    copy = served.at(root)
    copy.clock.write_text(later(days=1))
    copy.start()
    try:
        # A mail that the original was handing over may have arrived.
        assert settled(copy) == {"held": 1, "uncertain": 1}
        told(copy, webhook())
        assert settled(copy) == {"held": 2, "uncertain": 1}
        assert "restored from a backup" in ripeline("outbox", "resend", promised, "-w", root).stderr
        assert len(receiver.heard) == 1
        assert "2 messages" in ripeline("outbox", "release", "-w", root).stdout
        assert settled(copy) == {"delivered": 2, "uncertain": 1}
        assert {one.id for one in receiver.heard[1:]} == {
            one for one, state in states(copy).items() if state == "delivered"
        }
    finally:
        copy.stop()
    served.start()


def test_whoever_is_erased_is_in_no_message(outbox: tuple[Served, Web, Post]) -> None:
    served, _, _ = outbox
    served.send({"type": "identify", "userId": "ada", "traits": {"email": "ada@corp.example"}, "messageId": "m1"})
    served.applied()
    told(served, webhook(), webhook(lead="bob", said={"beside": "ada@corp.example"}), mail("ada@corp.example", "bob"))
    (stays,) = told(served, webhook(lead="bob"))
    assert settled(served) == {"delivered": 4}
    erased = served.tell("/api/leads/ada/erase", {"reason": "asked for it"})
    assert erased.json["removes"]["messages"] == 3
    assert list(states(served)) == [stays]
    book = (served.workspace.root / "book.sqlite").read_bytes()
    assert b"ada@corp.example" not in book
    # Told of anew, somebody is somebody new; whoever else there is goes on counting.
    after = told(served, webhook(), webhook(lead="bob"))
    assert [shown(served, one)["sequence"] for one in after] == [1, 4]


def test_by_command(outbox: tuple[Served, Web, Post]) -> None:
    served, receiver, mails = outbox
    folder = ("-w", served.workspace.root)
    receiver.answering = lambda _: Said(410)
    (promised,) = told(served, webhook())
    settled(served)
    listed = ripeline("outbox", "list", *folder, "--state", "dead")
    assert promised in listed.stdout.replace("\n", "") or "dead" in listed.stdout
    assert "1 dead" in listed.stdout
    assert "2026-03-27 09:00 UTC: it wants no more" in " ".join(listed.stdout.split())
    for command, name in (("list", "outbox"), (f"show {promised}", "message")):
        ran = ripeline("outbox", *command.split(), *folder, "--format", "json")
        jsonschema.Draft202012Validator(schema(name)).validate(json.loads(ran.stdout))
    assert "410 Gone" in " ".join(ripeline("outbox", "show", promised, *folder).stdout.split())
    receiver.answering = lambda _: WELL
    assert json.loads(ripeline("outbox", "resend", promised, *folder, "--format", "json").stdout) == {"resent": 1}
    assert settled(served) == {"delivered": 1}
    assert "0 messages" in ripeline("outbox", "resend", "--dead", *folder).stdout
    for name, heard in (
        ("crm", lambda: receiver.of("/crm")),
        ("sales", lambda: receiver.of("/services/T0/hunter2")),
        ("kim@acme.example", lambda: mails.accepted),
    ):
        before = len(heard())
        ran = ripeline("outbox", "test", name, *folder, "--format", "json")
        jsonschema.Draft202012Validator(schema("outbox-test")).validate(json.loads(ran.stdout))
        assert len(heard()) == before + 1
    assert counts(served) == {"delivered": 1}
    receiver.answering = lambda _: Said(404, body=b"no_service")
    ran = ripeline("outbox", "test", "sales", *folder)
    assert (ran.returncode, ran.stderr.strip().splitlines()[-1]) == (1, "error sales: it answered 404: no_service")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "msg_none"], 'there is no message "msg_none"'),
        (["resend", "msg_none"], 'there is no message "msg_none"'),
        (["resend"], "say which"),
        (["resend", "msg_none", "--dead"], "say which"),
        (["resend", "msg_none", "--destination", "crm"], "--destination goes with --dead"),
        (["list", "--state", "dead-ish"], "dead-ish"),
        (["test", "cmr"], 'did you mean "crm"?'),
        (["test", "a b@acme.example"], "is no address"),
    ],
)
def test_what_is_asked_wrongly(standing_outbox: Served, words: list[str], says: str) -> None:
    ran = ripeline("outbox", *words, "-w", standing_outbox.workspace.root)
    assert ran.returncode in {1, 2}
    assert says in " ".join((ran.stderr + ran.stdout).split())
    assert "Traceback" not in ran.stderr


@pytest.fixture(scope="module")
def standing_outbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("standing") / "shop", DEFINITION, settings(9, 9), START) as served:
        yield served


def test_by_route(standing_outbox: Served) -> None:
    served = standing_outbox
    reader = f"Bearer {served.token}"
    for path in ("/api/outbox/resend", "/api/outbox/release", "/api/outbox/msg_none/resend"):
        assert served.ask(path, b"", authorization=reader).status == 403
        assert served.ask(path, b"").status == 401
    assert served.ask("/api/outbox/msg_none", authorization=reader).json["code"] == "no_such_message"
    assert served.tell("/api/outbox/msg_none/resend", None).status == 404
    wrong = served.ask("/api/outbox?state=daed", authorization=reader)
    assert (wrong.status, wrong.json["message"]) == (400, 'state: "daed" is none; did you mean "dead"?')
    assert served.ask("/api/outbox?before=x", authorization=reader).status == 400


def test_pages(tmp_path: Path) -> None:
    with running(tmp_path) as (served, _, _):
        ids = told(served, *(webhook(lead=f"lead{number}") for number in range(5)))
        settled(served)
        first = served.read("/api/outbox?limit=3")
        second = served.read(f"/api/outbox?limit=3&before={first['next']}")
        assert [one["id"] for one in first["messages"] + second["messages"]] == ids[::-1]
        assert second["next"] is None
        assert served.read("/api/outbox?state=dead") == {"messages": [], "next": None}


def test_secrets_are_told_nobody(outbox: tuple[Served, Web, Post]) -> None:
    served, receiver, _ = outbox
    receiver.answering = lambda _: Said(500, body=b"hunter2")
    ids = told(served, chat(), webhook())
    served.due(later())
    told_of = served.log() + "".join(str(shown(served, one)) for one in ids) + str(served.read("/api/outbox"))
    for command in (["list"], ["test", "sales"], ["test", "crm"]):
        ran = ripeline("outbox", *command, "-w", served.workspace.root)
        told_of += ran.stdout + ran.stderr
    assert "hunter2" not in told_of
    assert SECRET not in told_of


@pytest.mark.parametrize("variable", [None, "hunter2"])
def test_a_secret_that_is_missing_is_said_when_the_server_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    if variable is not None:
        monkeypatch.setenv("CRM_SECRET", variable)
    text = settings(9).replace(f'secret = "{SECRET}"', 'secret_env = "CRM_SECRET"')
    served = Served(tmp_path / "shop", DEFINITION, text)
    ran = ripeline("serve", "-w", served.workspace.root, "--port", "0")
    assert ran.returncode == 1
    assert "outbox.webhooks.crm.secret_env" in ran.stderr
    assert "hunter2" not in ran.stderr


def test_two_servers_of_one_workspace_send_once(outbox: tuple[Served, Web, Post]) -> None:
    """One runs; the other waits, says so, and takes over as soon as it is gone."""
    served, receiver, _ = outbox
    other = served.at(served.workspace.root)
    other.begin()
    try:
        ids = told(served, *(webhook(lead=f"lead{number}") for number in range(100)))
        assert settled(served) == {"delivered": 100}
        assert Counter(one.id for one in receiver.heard) == Counter(ids)
        wait_until(lambda: "this one starts once it is gone" in served.log())
        served.kill()
        other.ready()
        (last,) = told(other, webhook())
        settled(other)
        assert receiver.heard[-1].id == last
    finally:
        other.stop()
    served.start()


def lead_of(one: Heard) -> str:
    return str(json.loads(one.body)["data"]["lead"])


def test_what_is_due_is_written_down_before_it_is_called_done(tmp_path: Path) -> None:
    """An attempt may end while the sender looks for more: it is not left as being sent."""
    with running(tmp_path) as (served, receiver, _):
        receiver.answering = lambda _: WELL
        for round_ in range(30):
            told(served, *(webhook(lead=f"lead{round_}-{number}") for number in range(12)))
            assert served.ask("/api/due", b"", authorization=f"Bearer {served.admin}").status == 200
            assert counts(served) == {"delivered": 12 * (round_ + 1)}


@pytest.mark.slow
def test_ten_thousand_webhooks_to_a_receiver_that_fails_often(tmp_path: Path) -> None:
    """Three in ten requests fail, and some messages always: all are delivered or given up, and these can be sent again."""
    never = {f"lead{number}" for number in range(0, 10_000, 50)}
    with running(tmp_path) as (served, receiver, _):
        receiver.answering = lambda one: ILL if len(receiver.heard) % 10 < 3 or lead_of(one) in never else WELL
        ids = told(served, *(webhook(lead=f"lead{number}") for number in range(10_000)))
        for seconds in (0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105):
            served.clock.write_text(later(seconds=seconds))
            address = f"{served.url}/api/due?until={later(seconds=seconds).replace('+', '%2B')}"
            due = Request(address, b"", {"authorization": f"Bearer {served.admin}"})
            with urlopen(due, timeout=600) as answer:
                assert answer.status == 200
        found = counts(served)
        assert set(found) == {"delivered", "dead"}
        assert sum(found.values()) == 10_000
        # Ten in a row fail by themselves about once in 170,000 messages.
        assert len(never) <= found["dead"] < len(never) + 10
        assert {one.id for one in receiver.heard} == set(ids)
        receiver.answering = lambda _: WELL
        assert served.tell("/api/outbox/resend", None).json == {"resent": found["dead"]}
        assert settled(served) == {"delivered": 10_000}
