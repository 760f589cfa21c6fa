"""What a page begins with: whose numbers, of which period, and whether that is over."""

from html import escape

from scorecard_app.view import View


def heading(view: View, title: str = "") -> None:
    """The unit's name, or a title above it; the period; complete or provisional in words, icon and colour."""
    voice = view.voice
    state = voice.say("final" if view.complete else "provisional")
    icon, tone = ("✔", "lc-grey") if view.complete else ("◔", "lc-amber")
    name = view.unit_name(view.unit)
    first = f"<h1>{escape(title or name)}</h1>"
    about = " · ".join([name, view.period] if title else [view.period])
    view.show(
        f'{first}<div class="lc-when"><span>{escape(about)}</span><span class="lc-pill {tone}">{icon} {escape(state)}</span></div>'
    )


def section(view: View, title: str, note: str = "") -> None:
    """A heading within a page, with a line on how to read what follows; both are keys of the catalogue."""
    below = f'<p class="muted lc-small">{escape(view.voice.say(note))}</p>' if note else ""
    view.show(f"<h2>{escape(view.voice.say(title))}</h2>{below}")


def absent(view: View, table: str) -> bool:
    """Whether the version lacks a table that the page needs; if so, say so in words."""
    if view.data.has(table):
        return False
    voice = view.voice
    why = voice.say("not_published", table=table)
    view.show(
        f'<div class="lc-state"><div class="icon">◌</div><h2>{escape(voice.say("not_published_title"))}</h2><p>{escape(why)}</p></div>'
    )
    return True
