"""What `streamlit run` serves: the app, with the gate before the files it hands out."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from scorecard_app.access.handouts import HandoutGate

app = App("app.py", middleware=[Middleware(HandoutGate)])
