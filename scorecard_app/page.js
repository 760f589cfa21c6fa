// What a screen reader needs and Streamlit has no setting for: the page's language, and a menu that is no broken list
// (its list holds boxes with headings and items; as plain links they are read right). And what a page adds to its
// address by itself is no step of the reader's, so Back passes over it. Runs again at each change of language, hence
// the block. No angle brackets in this file: the frontend's sanitizer would drop it.
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
    const push = history.pushState.bind(history);
    history.pushState = (state, title, address) => {
      const next = new URL(address, location.href);
      const said = Array.from(new URLSearchParams(location.search));
      const isKept = said.every(([name, value]) => next.searchParams.get(name) === value);
      if (isKept && next.pathname === location.pathname) history.replaceState(state, title, address);
      else push(state, title, address);
    };
  }
}
