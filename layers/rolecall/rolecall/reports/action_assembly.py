"""What is to be done, as pages show it: of each action its places, and at each what to do there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from rolecall.actions.deed import Deed
from rolecall.finding import rank
from rolecall.naming import GivenNames, account_called
from rolecall.printable import printable
from rolecall.reports.action_rows import ActionPlace, ActionRow, ActionStep
from rolecall.reports.action_steps import record_of, steps_of
from rolecall.reports.action_words import ActionWords
from rolecall.reports.document import ReportDocument
from rolecall.reports.facts import Facts
from rolecall.reports.named_action import ActionSite, NamedAction, ToldActions
from rolecall.texts import Texts, texts_of

__all__ = ["action_rows", "with_actions"]


def action_rows(told: ToldActions | None, texts: Texts) -> Iterator[ActionRow]:
    """Yield what is to be done, in order; nothing where nobody knows."""
    words = ActionWords(texts)
    return (_row(one, words) for one in (told.first if told else ()))


def with_actions(
    document: ReportDocument, told: ToldActions | None, facts: Facts
) -> ReportDocument:
    """Return a document that says what is to be done, where anybody knows.

    What officers alone are told stands on a page only where its annex was asked for.
    """
    if told is None:
        return document
    if not facts.with_incidents:
        told = ToldActions([one for one in told.first if not one.action.for_officers], told.more)
    rows = tuple(action_rows(told, texts_of(document.language)))
    return replace(document, actions=rows, more_actions=told.more)


def _row(named: NamedAction, words: ActionWords) -> ActionRow:
    action, names = named.action, GivenNames(named.called)
    ends = action.severities
    entity = action.entity or ""
    return ActionRow(
        id=action.id,
        severity=min(ends, key=rank),
        title=words.title(named),
        ends=ends,
        who=words.who(named),
        entity=(names.find("entities", entity) or printable(entity)) if entity else "",
        places=tuple(_places(named, names, words)),
        findings=action.findings,
        first=words.first(named),
    )


def _places(named: NamedAction, names: GivenNames, clauses: ActionWords) -> Iterator[ActionPlace]:
    """Yield the places of an action, in the order in which something is done there."""
    places: dict[tuple[str, str, str], list[Deed]] = {}
    for deed in named.action.deeds:
        places.setdefault((deed.account, deed.platform, deed.handle), []).append(deed)
    for (account, platform, handle), deeds in places.items():
        label = ""
        if account:
            label = names.find("accounts", account) or printable(account)
        elif handle:
            label = account_called(platform, handle, clauses.texts.words("reports")["website"])
        site = named.sites.get(account, ActionSite())
        steps = tuple(_steps(deeds, named, site.platform or platform, clauses))
        record = dict.fromkeys(record_of(deed.kind, clauses.texts) for deed in deeds)
        yield ActionPlace(label, site.url, steps, tuple(filter(None, record)))


def _steps(
    deeds: Sequence[Deed], named: NamedAction, platform: str, clauses: ActionWords
) -> Iterator[ActionStep]:
    """Yield deeds at one place; of some that are done in one way the last one says how."""
    told = [(f"{clauses.deed(deed, named)}.", deed.kind) for deed in deeds]
    for (text, kind), (_, following) in zip(told, [*told[1:], ("", None)], strict=True):
        how = () if kind == following else steps_of(kind, platform, clauses.texts)
        yield ActionStep(text, how)
