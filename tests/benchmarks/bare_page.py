"""The least that Streamlit can draw after a click: what its own machinery costs."""

import streamlit as st

st.write(st.selectbox("period", [str(number) for number in range(24)], key="period"))
