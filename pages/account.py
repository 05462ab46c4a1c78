"""Account: who am I here, and where am I signed in?"""

import streamlit as st

from wiring import ask, acting

st.write(ask.user(acting.actor().user_id))
