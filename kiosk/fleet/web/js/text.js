// Words in the language of the page: bokmål unless somebody chose English.
import { nb } from "/static/js/words/nb.js";
import { en } from "/static/js/words/en.js";

const TABLES = { nb, en };
export const language = document.documentElement.lang === "en" ? "en" : "nb";
const words = { ...TABLES[language] };
const plurals = new Intl.PluralRules(language === "nb" ? "nb-NO" : "en-GB");

/** Add a page's own words: {nb, en}. */
export function addWords(tables) {
  Object.assign(words, tables[language]);
}

/**
 * The text of `key` with {names} filled in. A text with {one, other} is chosen by `count`, or by
 * `n` where that is a bare number.
 * A key that is missing shows itself, which the tests look for.
 */
export function t(key, values = {}) {
  let text = words[key];
  if (text === undefined) return `[${key}]`;
  if (typeof text === "object") text = text[plurals.select(values.count ?? values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** The text of `key`, or of `otherwise`: for kinds that a newer kiosk may send. */
export const tOr = (key, otherwise, values) => t(key in words ? key : otherwise, values);
export const hasText = (key) => key in words;

export function chooseLanguage(wanted) {
  localStorage.setItem("language", wanted);
  const here = new URL(location.href);
  here.searchParams.delete("lang");
  location.assign(here);
}

export function chooseTheme(wanted) {
  if (wanted) localStorage.setItem("theme", wanted);
  else localStorage.removeItem("theme");
  dispatchEvent(new Event("theme"));
}
export const chosenTheme = () => localStorage.getItem("theme") ?? "";
