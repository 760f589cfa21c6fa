// What a screen reader needs and Streamlit has no setting for: the page's language, and a menu that is no broken list
// (its list holds boxes with headings and items; as plain links they are read right). Runs again at each change of
// language, hence the block. No angle brackets in this file: the frontend's sanitizer would drop it.
{
  document.documentElement.lang = "LANGUAGE";
  const mend = () =>
    document
      .querySelectorAll("[data-testid=stSidebarNavItems]:not([role]), [data-testid=stSidebarNavItems] li:not([role])")
      .forEach((part) => part.setAttribute("role", "presentation"));
  mend();
  if (!window.menuWatched) {
    window.menuWatched = true;
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  }
}
