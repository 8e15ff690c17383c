// Porter's stemmer (Porter 1980), step for step as whoosh/lang/porter.py has it, for the
// index was written with that one; tests/search holds the two together.

const STEP2 = {
  ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble",
  alli: "al", entli: "ent", eli: "e", ousli: "ous", ization: "ize", ation: "ate",
  ator: "ate", alism: "al", iveness: "ive", fulness: "ful", ousness: "ous", aliti: "al",
  iviti: "ive", biliti: "ble", logi: "log",
};
const STEP3 = {
  icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "",
};
const CONSONANTS = "[^aeiouy]+";
const VOWELS = "[aeiou]+";
const MEASURE_ABOVE_0 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const MEASURE_1 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}(?:${VOWELS})?$`);
const MEASURE_ABOVE_1 = new RegExp(
  `^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`,
);
const HAS_VOWEL = new RegExp(`^(?:${CONSONANTS})?[aeiouy]`);
const SHORT = new RegExp(`^${CONSONANTS}[aeiouy][^aeiouwxy]$`);
const ED_ING = /^(.*)(ed|ing)$/;
// Whoosh asks for these at the beginning of what is left, not only at its end.
const AT_BL_IZ = /^(at|bl|iz)$/;
const DOUBLE = /^([^aeiouylsz])\1$/;
const SUFFIX2 = new RegExp(`^(.+?)(${Object.keys(STEP2).join("|")})$`);
const SUFFIX3 = new RegExp(`^(.+?)(${Object.keys(STEP3).join("|")})$`);
const SUFFIX4 = new RegExp(
  "^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$",
);
const SUFFIX4_ION = /^(.+?)(s|t)(ion)$/;
const SUFFIX5 = /^(.+?)e$/;

function plural(word) {
  if (!word.endsWith("s")) return word;
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.at(-2) === "s" ? word : word.slice(0, -1);
}

function pastAndGerund(word) {
  if (word.endsWith("eed")) {
    return MEASURE_ABOVE_0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  }
  const match = ED_ING.exec(word);
  if (!match || !HAS_VOWEL.test(match[1])) return word;
  const base = match[1];
  if (AT_BL_IZ.test(base)) return `${base}e`;
  if (DOUBLE.test(base)) return base.slice(0, -1);
  return SHORT.test(base) ? `${base}e` : base;
}

function replace(word, pattern, list) {
  const match = pattern.exec(word);
  return match && MEASURE_ABOVE_0.test(match[1]) ? match[1] + list[match[2]] : word;
}

function suffix(word) {
  const match = SUFFIX4.exec(word);
  if (match) return MEASURE_ABOVE_1.test(match[1]) ? match[1] : word;
  const ion = SUFFIX4_ION.exec(word);
  if (!ion) return word;
  const base = ion[1] + ion[2];
  return MEASURE_ABOVE_1.test(base) ? base : word;
}

function finalE(word) {
  const match = SUFFIX5.exec(word);
  if (!match) return word;
  const base = match[1];
  return MEASURE_ABOVE_1.test(base) || (MEASURE_1.test(base) && !SHORT.test(base)) ? base : word;
}

/** Return the stem of a lower-case English word. */
export function stem(word) {
  if (word.length < 3) return word;
  const firstIsY = word[0] === "y";
  let stemmed = pastAndGerund(plural(firstIsY ? `Y${word.slice(1)}` : word));
  if (stemmed.endsWith("y") && HAS_VOWEL.test(stemmed.slice(0, -1))) {
    stemmed = `${stemmed.slice(0, -1)}i`;
  }
  stemmed = replace(replace(stemmed, SUFFIX2, STEP2), SUFFIX3, STEP3);
  stemmed = finalE(suffix(stemmed));
  if (stemmed.endsWith("ll") && MEASURE_ABOVE_1.test(stemmed)) stemmed = stemmed.slice(0, -1);
  return firstIsY ? `y${stemmed.slice(1)}` : stemmed;
}
