// What is said to people comes with the page, as JSON at the element that it is about.
export const phrasesOf = (element) => JSON.parse(element?.dataset.phrases || "{}");

// Puts values into the places of a phrase: {name}.
export const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);
