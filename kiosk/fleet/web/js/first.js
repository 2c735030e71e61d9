// Runs before anything is drawn, so that nobody sees the wrong colours or language first. A classic
// script on purpose: modules run after the first paint.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.theme = localStorage.getItem("theme") || (dark.matches ? "dark" : "light");
  };
  dark.addEventListener("change", apply);
  addEventListener("theme", apply);
  apply();
  const language = new URLSearchParams(location.search).get("lang") || localStorage.getItem("language");
  if (language === "nb" || language === "en") root.lang = language;
})();
