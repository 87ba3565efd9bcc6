"""The command `ripeline`: names its commands, loads the one that is asked for, and ends with an exit code.

0 fine; 1 the user's input is at fault; 2 the command was used wrongly; 3 a defect of ours.
"""

import sys

from cyclopts import App

import ripeline
from ripeline.entry.cli.errors import run
from ripeline.entry.cli.garbage import look_seldom

COMMANDS = {
    "init": "Make a workspace: a folder with a definition to start from.",
    "check": "Show everything that is wrong with a definition.",
    "score": "Score leads: everybody at one moment, or each at its own.",
    "explain": "Show why a lead has its score, point by point.",
    "accounts": "Show how interested companies are, or one of them person by person.",
    "sales": "Show who leads are handed to, who is at work, and which team gets which leads.",
    "timeline": "Show what is stored of a lead, the youngest first.",
    "identity": "Show all names of a lead, and what links them.",
    "merge": "Say that two leads are one person.",
    "unmerge": "Take a name, or a lead that was merged, out of a person again.",
    "outcome": "Say that a lead was won or lost.",
    "export": "Write everything that is stored of a lead to a file.",
    "erase": "Erase a person for good, with everything that is stored of them.",
    "preview": "Show who would move under a new definition, before it is used.",
    "publish": "Make a definition live, after showing who would move.",
    "rollback": "Make an earlier version of a definition live again.",
    "definitions": "List the versions of definitions that were published, and which are live.",
    "diff": "Tell what changed between two definitions.",
    "sla": "Show how sales answers: what is accepted, why not, and how soon.",
    "learn": "Learn from deals won and lost what a definition should be.",
    "backtest": "Judge a definition by what it would have done on history, as it was known then.",
    "review": "Look at a definition in use: what changed since it was published, and what might be done.",
    "shadow": "Compare our MQLs with those that the company's CRM called MQL.",
    "funnel": "Show how far MQLs come, by the week or month in which they first were ones.",
    "stages": "Show when leads moved from stage to stage, and why.",
    "advance": "Move leads and give handoffs out, where no server runs.",
    "queues": "Show where everybody is who meets the definition, so that nobody is forgotten.",
    "release": "Let handoffs go to sales that were held back.",
    "route": "Show who would get a lead, and why; nothing is given.",
    "serve": "Take events from tracking clients, and answer questions about leads.",
    "snippet": "Print the tag that makes web pages send events.",
    "backup": "Write a workspace to one file, also while its server runs.",
    "restore": "Make a workspace from a backup.",
    "doctor": "Say what is wrong with a workspace, and what to do.",
    "simulate": "Play the traffic of an invented company through the intake.",
    "test": "Run cases with hand-worked sums against a definition.",
    "demo": "Play through everything with an invented company.",
}
IMPORTS = {
    "leads": "Bring in what is known of leads: one row states traits of one lead.",
    "events": "Bring in what people did: one row is one act.",
    "outcomes": "Bring in which leads were won and lost.",
    "list": "List the imports, and which were undone.",
    "undo": "Undo an import, as if it had never been.",
}

ELSEWHERE = {"merge": "identity", "unmerge": "identity", "route": "handoffs"}
"""Commands that stand in another one's file."""

app = App(
    name="ripeline",
    help="Know which leads are ripe.",
    version=ripeline.__version__,
    help_epilogue="Start with: ripeline demo",
)
imports = App(name="import", help="Bring in leads, events and outcomes from files, and undo that.")
keys = App(name="keys", help="Make keys that clients send events with.")
keys.command("ripeline.entry.cli.keys:create", name="create", help="Make a write key and print it.")
keys.command("ripeline.entry.cli.keys:list_keys", name="list", help="List the write keys in use.")
keys.command("ripeline.entry.cli.keys:revoke", name="revoke", help="Take a write key out of use.")
tokens = App(name="tokens", help="Make tokens for the API.")
tokens.command("ripeline.entry.cli.keys:create_token", name="create", help="Make an API token and print it.")
tokens.command("ripeline.entry.cli.keys:list_api_tokens", name="list", help="List the API tokens in use.")
tokens.command("ripeline.entry.cli.keys:revoke_token", name="revoke", help="Take an API token out of use.")
failed = App(name="failed", help="See events that do not count, and send them again.")
failed.command("ripeline.entry.cli.failed:list_failed", name="list", help="List failed events with their reasons.")
failed.command(
    "ripeline.entry.cli.failed:replay", name="replay", help="Send a failed event again, as it was or repaired."
)
failed.command("ripeline.entry.cli.failed:dismiss", name="dismiss", help="Leave a failed event out for good.")
set_aside = App(name="set-aside", help="See events that people did not do themselves; set aside, restore.")
set_aside.command(
    "ripeline.entry.cli.set_aside:list_set_aside",
    name="list",
    help="List events that are set aside with their reasons.",
)
set_aside.command("ripeline.entry.cli.set_aside:add", name="add", help="Set events aside: they count nowhere any more.")
set_aside.command("ripeline.entry.cli.set_aside:restore", name="restore", help="Let events count again.")
set_aside.command(
    "ripeline.entry.cli.set_aside:judge", name="judge", help="Look for patterns in all events, and set aside."
)
handoffs = App(name="handoffs", help="See what sales has to answer, and answer.")
for _verb, _help in {
    "list": "List handoffs, what is due first comes first.",
    "show": "Show one handoff with everything that happened to it.",
    "packet": "Show what a salesperson gets with a lead.",
    "accept": "Take a lead on.",
    "touch": "Say that somebody was in touch with the lead.",
    "reject": "Send a lead back with a reason; it cools down.",
    "recycle": "Send a lead back until a day.",
    "disqualify": "Say that a lead will never be a customer.",
    "reassign": "Give a handoff to somebody else.",
    "qualify": "Say that budget, need, fit and timing are known.",
    "won": "Say that a deal was won.",
    "lost": "Say that a deal was lost, and why.",
}.items():
    _function = "list_handoffs" if _verb == "list" else _verb
    _module = "packet" if _verb == "packet" else "handoffs"
    handoffs.command(f"ripeline.entry.cli.{_module}:{_function}", name=_verb, help=_help)
tasks = App(name="tasks", help="See which leads sales is to see to without urgency, and close what was seen to.")
tasks.command("ripeline.entry.cli.tasks:list_tasks", name="list", help="List tasks, who asked again comes first.")
tasks.command("ripeline.entry.cli.tasks:done", name="done", help="Say that a task was seen to.")
tasks.command("ripeline.entry.cli.tasks:dismiss", name="dismiss", help="Say that a task is not worth it.")
nurture = App(name="nurture", help="See which leads to nurture.")
nurture.command("ripeline.entry.cli.nurture:list_nurtured", name="list", help="List the leads to nurture.")
removals = App(name="removals", help="See who is to be removed, confirm it, and keep whom nobody is to remove.")
for _verb, _help in {
    "list": "List who is proposed for removal.",
    "find": "Look for who is to be removed, where no server runs.",
    "confirm": "Remove leads of the list for good.",
    "why": "Tell whether a lead is on the list, and what keeps it off.",
    "hold": "Keep a lead from being removed.",
    "lift": "Let a lead be removed again that was on hold.",
    "holds": "List who is on hold.",
}.items():
    _function = "list_removals" if _verb == "list" else _verb
    removals.command(f"ripeline.entry.cli.removals:{_function}", name=_verb, help=_help)
outbox = App(name="outbox", help="See what was promised to webhooks, chats and mail, and send it again.")
outbox.command("ripeline.entry.cli.outbox:list_outbox", name="list", help="List messages with how they stand.")
outbox.command("ripeline.entry.cli.outbox:show", name="show", help="Show one message with every attempt.")
outbox.command(
    "ripeline.entry.cli.outbox:resend", name="resend", help="Send a message again, or all that were given up."
)
outbox.command("ripeline.entry.cli.outbox:give_up", name="give-up", help="Try a message no more.")
outbox.command("ripeline.entry.cli.outbox:release", name="release", help="Let a restored workspace send.")
outbox.command("ripeline.entry.cli.outbox:test", name="test", help="Send a test message now.")
for _name, _help in COMMANDS.items():
    _module = ELSEWHERE.get(_name, _name)
    app.command(f"ripeline.entry.cli.{_module}:{_name}", name=_name, help=_help)
    if _name == "check":
        app.command(imports)
    if _name == "stages":
        app.command(handoffs)
        app.command(tasks)
        app.command(nurture)
        app.command(removals)
    if _name == "serve":
        for _group in (keys, tokens, failed, set_aside, outbox):
            app.command(_group)
for _name, _help in IMPORTS.items():
    _function = "list_imports" if _name == "list" else _name
    _module = "imported" if _name in ("list", "undo") else "imports"
    imports.command(f"ripeline.entry.cli.{_module}:{_function}", name=_name, help=_help)


def main() -> None:
    """Run one command and exit."""
    look_seldom()
    _tell_whole()
    sys.exit(run(app))


def _tell_whole() -> None:
    """Have the help of the command that is asked for tell all that its docstring does; lists tell a line of each."""
    _, path, _ = app.parse_commands()
    for one in path:
        if one.default_command is not None:
            one.help = None
