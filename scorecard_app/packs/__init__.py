"""Review packs: one unit and period as a PDF to print, send and talk about. Same numbers, words and charts as the pages."""
