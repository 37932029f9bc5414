"""The words of the next step: which text fits where the person stands. Pure."""

from __future__ import annotations

from hallkiosk.deck.guide import Next, Step
from hallkiosk.deck.panels import Panel
from hallkiosk.terminal.steps import Step as TerminalStep
from hallkiosk.wording import Text, Words

_AT_TERMINAL = {
    TerminalStep.GROUPS: "here",
    TerminalStep.SERVICES: "services",
    TerminalStep.CONFIRM: "confirm",
    TerminalStep.TAKE: "taken",
}


def guide_text(words: Words, step: Step, here: Panel, terminal: TerminalStep) -> Text:
    """What to do next, for somebody who looks at the panel `here`."""
    if step.next is Next.CONNECT:
        return words.text("deck.next-connect")
    values: dict[str, str | int] = {"number": step.number, "window": step.window, "panel": step.panel.key}
    if step.panel is not here:
        return words.text(f"deck.next-{step.next.value}.go", **values)
    if step.panel is Panel.TERMINAL and terminal is not TerminalStep.GROUPS:
        # Whatever came before: somebody is taking a ticket now.
        where = _AT_TERMINAL.get(terminal)
        return words.text(f"deck.next-take.{where}" if where else "deck.next-other.here")
    return words.text(f"deck.next-{step.next.value}.here", **values)
