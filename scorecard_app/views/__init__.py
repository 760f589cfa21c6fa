"""One module per page. The folder is not called pages: beside its entry script, Streamlit would serve such files by itself."""
