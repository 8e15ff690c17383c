// From text to terms; search/analysis.py is the original, and says why.

import { stem } from "./stem.js";

export const STOP_WORDS = new Set(
  ("a an and are as at be but by for if in into is it no not of on or such that the " +
    "their then there these they this to was will with").split(" "),
);
export const TITLE_END = 64;
export const TITLE_WEIGHT = 4;
export const SPACE = " \\t\\n\\r\\f\\v\\u00a0\\u2000-\\u200a\\u2028\\u2029\\u3000";
const LONGEST = 64;
export const HAN =
  "\\u2e80-\\u2eff\\u3005\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff" +
  "\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const ALNUM = `(?:(?![${HAN}])[\\p{L}\\p{N}]|[\\u0300-\\u036f])`;
const ALNUMS = `(?:[0-9A-Za-z]|${ALNUM})+`; // most letters are of the first set: found sooner
const TOKEN = new RegExp(
  `(?<han>[${HAN}]+)` +
    `|(?<number>[0-9]+(?:[.,][0-9]+)+(?!${ALNUM}))` +
    `|(?<dot>(?<![^${SPACE}(\\["'“‘/,;:])\\.(?=[A-Za-z]))?(?<word>${ALNUMS}(?:['’]${ALNUMS})*)` +
    `(?<sign>(?:\\+\\+|\\+|#)(?!${ALNUM}))?`,
  "gu",
);
// eslint-disable-next-line no-control-regex
const MARKS = /[\u0300-\u036f\u0000-\u0020]/g;
// eslint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

/** Return a word in lower case, without accents and in compatibility form (NFKC). */
export function fold(word) {
  let folded;
  if (ASCII.test(word)) {
    folded = word.toLowerCase();
  } else {
    const bare = word.toLowerCase().normalize("NFKD").replace(MARKS, "");
    folded = bare.normalize("NFKC").toLowerCase();
  }
  return folded.length > LONGEST ? Array.from(folded).slice(0, LONGEST).join("") : folded;
}

function formOf(word) {
  return fold(word.replace(/['’]s$/, "").replace(/['’]/g, ""));
}

/** Yield the tokens of a text in NFC: {start, end, form, kind, position}. */
export function* tokens(text, first = 0) {
  let position = first;
  for (const match of text.matchAll(TOKEN)) {
    const start = match.index;
    const { han, number, dot = "", word, sign = "" } = match.groups;
    if (han !== undefined) {
      let at = start;
      for (const character of han) {
        const end = at + character.length;
        yield { start: at, end, form: fold(character), kind: "han", position };
        at = end;
        position += 1;
      }
    } else if (number !== undefined) {
      yield { start, end: start + number.length, form: fold(number), kind: "word", position };
      position += 1;
    } else {
      const form = formOf(word);
      if (!form) continue;
      const wordStart = start + dot.length;
      const wordEnd = wordStart + word.length;
      yield { start: wordStart, end: wordEnd, form, kind: "word", position };
      if (dot || sign) {
        yield { start, end: wordEnd + sign.length, form: dot + form + sign, kind: "sign", position };
      }
      position += 1;
    }
  }
}

/** Return the stem of an English word, and anything else as it is. */
export function stemOf(form) {
  return /^[a-z]{3,}$/.test(form) ? stem(form) : form;
}

/** Return the term under which a folded word is filed. */
export function termOf(form) {
  const base = stemOf(form);
  if (base === form) return form;
  let common = 0;
  while (common < base.length && common < form.length && base[common] === form[common]) common += 1;
  return base + String.fromCharCode(1 + base.length - common) + form.slice(common);
}

/** Return the folded words of a name, Han as single characters. */
export function wordsOf(name) {
  const words = [];
  for (const token of tokens(name.normalize("NFC"))) if (token.kind !== "sign") words.push(token.form);
  return words;
}
