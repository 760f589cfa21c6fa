"""The review pack of what one looks at, as a PDF made when it is asked for."""

from html import escape

import streamlit as st

from scorecard_app.packs import content, render
from scorecard_app.view import View


def review_pack(view: View) -> None:
    """A button; where the server has no font for Chinese, why there is none."""
    voice = view.voice
    try:
        render.font()
    except render.NoFont:
        view.show(f'<p class="muted lc-small">{escape(voice.say("pack_no_font"))}</p>')
        return

    def made() -> bytes:
        pack = content.collect(view.data, view.data.about, voice, view.unit, *view.at)
        return render.pdf(pack, view.data.about.as_of)

    with st.container(horizontal=True, horizontal_alignment="right", key="away_pack"):
        st.download_button(
            voice.say("pack_download"),
            view.if_still(made),
            file_name=f"review-{view.unit}-{view.kind}-{view.start.isoformat()}-{voice.language}.pdf",
            mime="application/pdf",
            key="review_pack",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )
