"""Who is told what, and what a workspace may say of it."""

import tomllib

import pytest

from ripeline.entry.outbox_settings import outbox_settings
from ripeline.handoff.destinations import fan_out
from ripeline.vocabulary.issues import InputError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOOK = f'[webhooks.crm]\nurl = "https://crm.example/hook"\nsecret = "{SECRET}"\n'
CHAT = '[chats.sales]\nkind = "slack"\nurl_env = "SLACK_URL"\n'
MAIL = '[mail]\nhost = "smtp.acme.example"\nfrom = "Acme leads <leads@acme.example>"\n'


def test_webhooks_are_told_what_they_ask_for() -> None:
    text = HOOK + 'events = ["handoff.created", "stage.changed"]\n' + HOOK.replace("crm]", "all]")
    settings = outbox_settings(tomllib.loads(text))
    assert fan_out(settings, "handoff.created") == ("crm", "all")
    assert fan_out(settings, "handoff.breached") == ("all",)


def test_what_is_usual_need_not_be_said() -> None:
    settings = outbox_settings(tomllib.loads(HOOK + CHAT + MAIL))
    assert settings.send
    assert settings.mail is not None
    assert (settings.mail.security, settings.mail.port) == ("starttls", 587)
    assert not settings.webhooks["crm"].allow_private


def test_secrets_are_not_shown() -> None:
    shown = repr(
        outbox_settings(
            tomllib.loads(HOOK + CHAT.replace("url_env", "url").replace("SLACK_URL", "https://hooks.example/T0/x"))
        )
    )
    assert SECRET not in shown
    assert "T0/x" not in shown


def test_a_variable_of_the_environment_is_read_when_it_is_needed() -> None:
    settings = outbox_settings(tomllib.loads(HOOK.replace(f'secret = "{SECRET}"', 'secret_env = "CRM"')))
    assert settings.webhooks["crm"].secret.told({"CRM": f"{SECRET} {SECRET}"}) == (SECRET, SECRET)
    with pytest.raises(
        InputError, match=r"outbox\.webhooks\.crm\.secret_env: the environment's variable CRM is not set"
    ):
        settings.webhooks["crm"].secret.told({})


WRONG = {
    HOOK.replace("https:", "http:"): "outbox.webhooks.crm.url begins with http:",
    HOOK.replace("https://crm.example", "ftp://crm.example"): "is no address such as",
    HOOK.replace("https://crm", "https://ada:pw@crm"): "has a user or a password in it",
    HOOK.replace("crm.example/hook", ""): "names no host",
    HOOK.replace("crm.example/hook", "crm.example:99999/hook"): "is no address such as",
    HOOK.replace("/hook", "/ho ok"): "is no address such as",
    HOOK.replace("/hook", "/ho\\r\\nok"): "is no address such as",
    HOOK.replace("/hook", "/#ok"): "is no address such as",
    HOOK.replace("url", "ulr"): 'did you mean "url"?',
    HOOK.replace(SECRET, "hunter2"): "outbox.webhooks.crm.secret: a secret of webhooks is",
    HOOK + f'secret_env = "{SECRET[:6]}"': "needs one of secret and secret_env",
    HOOK.replace(f'"{SECRET}"', "[]"): "takes a text, or a list of two",
    HOOK.replace(f'"{SECRET}"', "5"): "takes a text, or a list of two",
    HOOK + "events = []": "events is empty",
    HOOK + 'events = ["handof.created"]': 'did you mean "handoff.created"?',
    HOOK + "events = [5]": '"5" is none',
    HOOK + 'events = "handoff.created"': "takes a list",
    HOOK + "allow_private = 1": "takes true or false",
    'webhooks.crm = "https://crm.example"': "write [outbox.webhooks.crm]",
    HOOK.replace("crm]", '"a b"]'): "is no name",
    HOOK + CHAT.replace("sales", "crm"): "names a webhook and a chat",
    CHAT.replace("slack", "slak"): 'did you mean "slack"?',
    CHAT.replace('url_env = "SLACK_URL"', ""): "needs one of url and url_env",
    CHAT.replace("SLACK_URL", "$SLACK"): "takes the name of a variable",
    MAIL.replace("host", "hots"): 'did you mean "host"?',
    MAIL.replace("smtp.acme.example", "smtp acme"): "outbox.mail.host names no host",
    MAIL + "port = 0": "from 1 to 65535",
    MAIL + "port = true": "takes a whole number",
    MAIL + 'security = "ssl"': '"ssl" is none',
    MAIL + 'user = "leads"': "belong together",
    MAIL + 'security = "none"\nuser = "leads"\npassword_env = "PW"': "a password is not sent in the open",
    MAIL.replace("leads@acme.example", "leads"): "outbox.mail.from is no address",
    MAIL.replace("Acme leads", "Acme\\r\\nBcc: eve@evil.example"): "outbox.mail.from is no address",
    MAIL.replace('host = "smtp.acme.example"\n', ""): "outbox.mail needs host",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said(text: str) -> None:
    with pytest.raises(InputError) as error:
        outbox_settings(tomllib.loads(text))
    assert WRONG[text] in str(error.value)
    assert "hunter2" not in str(error.value)
    assert ":pw@" not in str(error.value)
