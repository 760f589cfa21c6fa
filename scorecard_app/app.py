"""Entry of the app: who asks, which version is served, which page is open; or why there is nothing to show."""

import os
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from scorecard_app import shell
from scorecard_app.access import detour
from scorecard_app.access.roles import Role, Viewer
from scorecard_app.access.sign_in import Closed, current_viewer
from scorecard_app.cards import Voice
from scorecard_app.charts.theme import look
from scorecard_app.gate import Scoped
from scorecard_app.pages import Page, open_to, section
from scorecard_app.published import Damaged, NothingPublished, Published, resolve
from scorecard_app.settled import settled
from scorecard_app.texts import text
from scorecard_app.view import View

STYLE = Path(__file__).with_name("style.css")


def data_root() -> Path:
    """The company's folder: LOYALTY_DATA, else data/ of this checkout."""
    return Path(os.environ.get("LOYALTY_DATA") or Path(__file__).resolve().parent.parent / "data").absolute()


@st.cache_resource(max_entries=3, show_spinner=False)
def opened(version: str) -> Published:
    """A version, opened once per process whoever asks; the key is its folder, which names the version."""
    return Published(Path(version), everything=True)


@st.cache_resource(max_entries=300, show_spinner=False)
def scoped(version: str, scope_key: str, _viewer: Viewer) -> Scoped:
    """A version as one scope sees it: shared by viewers who see the same, and by nobody else."""
    return Scoped(opened(version), _viewer)


def open_current(root: Path, viewer: Viewer) -> Scoped:
    """The version served now; looked up again if it was replaced and tidied away in that very moment."""
    version = resolve(root)
    try:
        return scoped(str(version), viewer.scope_key, viewer)
    except Damaged:
        newer = resolve(root)
        if newer == version:
            raise
        return scoped(str(newer), viewer.scope_key, viewer)


def main() -> None:
    """One request from top to bottom."""
    settled()
    st.set_page_config(page_title="Loyalty scorecard 客户忠诚度记分卡", page_icon="◎", layout="wide")
    st.html(STYLE)
    colours = look(st.context.theme.type)
    st.html(f"<style>{colours.css()}</style>")
    root = data_root()
    viewer = current_viewer(root)
    if isinstance(viewer, Closed):
        shell.door(viewer)
        return
    try:
        data = open_current(root, viewer)
    except NothingPublished:
        language = shell.pick_language("en", in_sidebar=False)
        landing = str(root / "landing")
        shell.explain(language, "empty_title", text("empty_text", language, landing=landing), "◌", "", "loyalty run")
        return
    except Damaged as problem:
        detail = str(problem) if Role.ADMIN in viewer.roles else ""  # a path is for whoever can mend it
        language = shell.pick_language("en", in_sidebar=False)
        shell.explain(language, "damaged_title", text("damaged_text", language), "⚠", detail, "loyalty run")
        return
    back = None if viewer.is_local else detour.resumed()
    if back:
        st.query_params.from_dict(back[1])
    language = shell.pick_language("zh" if data.about.language == "zh" else "en")
    voice = Voice(language, data.about.currency, data.labels())
    views: list[View] = []
    entries = _entries(data, viewer, voice, views)
    sections = {voice.say(name): [entries[page] for page in pages] for name, pages in section(tuple(entries)).items()}
    if not entries:
        shell.explain(language, "no_pages_title", voice.say("no_pages_text"), "◌")
        shell.account(root, viewer, voice)
        return
    typed = _home_by_name(next(iter(entries)), voice)
    current = st.navigation({**sections, "": [typed]}, expanded=True)
    if current == typed:
        st.switch_page(next(iter(entries.values())), query_params=st.query_params.to_dict())
    wanted = [entry for page, entry in entries.items() if back and page.name == back[0] and entry != current]
    if back and wanted:
        st.switch_page(wanted[0], query_params=back[1])
    page = next(page for page, entry in entries.items() if entry == current)
    st.set_page_config(page_title=f"{current.title} · {data.about.company}")
    units = data.units()
    chosen = shell.pick_moment(data, units, voice) if page.needs_period else None
    views.append(
        View(
            root,
            data,
            viewer,
            voice,
            colours,
            units,
            chosen,
            home=next(iter(entries)).name,
            pages=frozenset(page.name for page in entries),
        )
    )
    shell.account(root, viewer, voice)
    shell.announce(data, voice, viewer.is_local)
    shell.watch(root, data.about.name, viewer, voice)
    current.run()
    shell.foot(data, voice, page.name)


def _entries(data: Scoped, viewer: Viewer, voice: Voice, views: list[View]) -> dict[Page, StreamlitPage]:
    """Streamlit's pages for those the viewer may open, the first by default; drawn once the view stands in `views`."""
    return {
        page: st.Page(
            lambda page=page: _draw(page, views[-1]),
            title=voice.say(page.title),
            icon=page.icon,
            url_path=page.name if position else "",
            default=position == 0,
        )
        for position, page in enumerate(open_to(viewer.roles, data.sees_company))
    }


def _home_by_name(home: Page, voice: Voice) -> StreamlitPage:
    """The page that opens by itself, under its own name too: Streamlit knows it by none, and says "Page not found"."""
    return st.Page(lambda: None, title=voice.say(home.title), url_path=home.name, visibility="hidden")


def _draw(page: Page, view: View) -> None:
    """The page, for whoever may open it; without any period to choose, why."""
    if not view.viewer.may(page.roles):
        raise PermissionError(page.name)
    if page.needs_period and view.chosen is None:
        body = view.voice.say("no_periods_text")
        shell.explain(view.voice.language, "no_periods_title", body, "◌")
        return
    page.draw()(view)


if __name__ == "__main__":
    main()
