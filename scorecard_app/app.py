"""Entry of the app: resolve the version once, speak the reader's language, show the page or say why there is none."""

import os
from html import escape
from pathlib import Path

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.format import Language
from scorecard_app.published import Damaged, NothingPublished, Published, resolve
from scorecard_app.texts import LANGUAGES, text
from scorecard_app.views import scorecard

STYLE = Path(__file__).with_name("style.css")
LOOK_AGAIN = "30s"


def data_root() -> Path:
    """The company's folder: LOYALTY_DATA, else data/ of this checkout."""
    return Path(os.environ.get("LOYALTY_DATA") or Path(__file__).resolve().parent.parent / "data").absolute()


@st.cache_resource(max_entries=3, show_spinner=False)
def opened(version: str) -> Published:
    """A version, opened once per process whoever asks; the key is its folder, which names the version."""
    return Published(Path(version))


def open_current(root: Path) -> Published:
    """The version served now; looked up again if it was replaced and tidied away in that very moment."""
    version = resolve(root)
    try:
        return opened(str(version))
    except Damaged:
        newer = resolve(root)
        if newer == version:
            raise
        return opened(str(newer))


def main() -> None:
    """One request from top to bottom."""
    st.set_page_config(page_title="Loyalty scorecard 客户忠诚度记分卡", page_icon="◎", layout="wide")
    st.html(STYLE)
    root = data_root()
    try:
        published = open_current(root)
    except NothingPublished:
        language = _language("en")
        landing = str(root / "landing")
        _explain(language, "empty_title", text("empty_text", language, landing=landing), "◌", "")
        return
    except Damaged as problem:
        language = _language("en")
        _explain(language, "damaged_title", text("damaged_text", language), "⚠", str(problem))
        return
    about = published.about
    language = _language("zh" if about.language == "zh" else "en", about.company)
    voice = Voice(language, about.currency, published.labels())
    _announce(published, voice)
    _watch(root, about.name, voice)

    def scorecard_page() -> None:
        scorecard.page(published, voice)

    st.navigation(
        [st.Page(scorecard_page, title=voice.say("title"), url_path="scorecard", default=True)], position="hidden"
    ).run()
    _foot(published, voice)


def _language(default: Language, company: str = "") -> Language:
    """The title line with the language switch; the choice is kept in the address as `lang`."""
    wanted = st.session_state.get("lang") or st.query_params.get("lang")
    language: Language = "zh" if (wanted or default) == "zh" else "en"
    st.session_state["lang"] = language
    left, right = st.columns([8, 2], vertical_alignment="center")
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        picked = st.segmented_control(
            text("language", language),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="lang",
            label_visibility="collapsed",
        )
    language = picked or language
    if st.query_params.get("lang") != language:
        st.query_params["lang"] = language
    with left:
        title = text("title", language)
        name = f"{escape(company)} · {title}" if company else title
        st.html(cards.html(f'<span class="lc-brand">{name}</span>', language))
    return language


def _explain(language: Language, title: str, body: str, icon: str, detail: str) -> None:
    st.html(cards.state(icon, text(title, language), body, detail, language))
    _, middle, _ = st.columns([2, 3, 2])
    with middle:
        st.code("loyalty run", language="bash")


def _announce(published: Published, voice: Voice) -> None:
    """Say loudly what kind of numbers these are: a demo's, or newer than those read a moment ago."""
    about = published.about
    if about.demo:
        st.html(cards.html(f'<div class="lc-demo">⚑ {escape(voice.say("demo"))}</div>', voice.language))
    before = st.session_state.get("version")
    st.session_state["version"] = about.name
    if before not in (None, about.name):
        as_of = fmt.moment(about.as_of, about.timezone, voice.language)
        st.success(voice.say("renewed", as_of=as_of), icon=":material/update:")


@st.fragment(run_every=LOOK_AGAIN)
def _watch(root: Path, version: str, voice: Voice) -> None:
    """Look now and then, without redrawing the page, whether another version is served by now."""
    try:
        newer = resolve(root).name != version
    except (NothingPublished, Damaged):
        newer = True
    if newer:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(voice.say("newer"))
            if st.button(voice.say("show_newer"), type="primary"):
                st.rerun(scope="app")


def _foot(published: Published, voice: Voice) -> None:
    """Which numbers these are: their date, version, digest, and what they rest on."""
    about, received = published.about, published.received()
    as_of = fmt.moment(about.as_of, about.timezone, voice.language)
    facts = [
        (voice.say("as_of"), f"{as_of} ({about.timezone})"),
        (voice.say("version"), about.name),
        (voice.say("digest"), about.digest[:12]),
    ]
    spans = "".join(f"<span>{escape(key)} <b>{escape(value)}</b></span>" for key, value in facts)
    rests = voice.say(
        "received",
        deliveries=fmt.number(received["deliveries"]),
        rows=fmt.number(received["received"]),
        refused=fmt.number(received["quarantined"]),
    )
    st.html(cards.html(f'<div class="lc-foot">{spans}<span>{escape(rests)}</span></div>', voice.language))


if __name__ == "__main__":
    main()
