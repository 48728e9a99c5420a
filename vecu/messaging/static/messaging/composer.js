// Help while writing: the help lines appear when certain words are written (checked here, from the open list of the
// page: no request, no trace), « Modifier » goes back to the text, and leaving with a text unsent asks first.
// Nothing is kept in the browser's storage.

const list = JSON.parse(document.getElementById("help-words")?.textContent ?? '{"phrases":[],"unless":[]}');
let leaves = false;

/** As in help_words.py: lower case, no accents, only letters, digits and single spaces. */
export function plainWords(text) {
  return text
    .toLowerCase()
    .replaceAll("œ", "oe")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

export function areIn(text) {
  let plain = ` ${plainWords(text)} `;
  for (const phrase of list.unless) plain = plain.replaceAll(` ${phrase} `, " · ");
  return list.phrases.some((phrase) => plain.includes(` ${phrase} `));
}

const text = () => document.querySelector("[data-message-text]");

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-message-text]")) return;
  const box = event.target.closest("form")?.querySelector("[data-help-box]");
  if (box) box.hidden = !areIn(event.target.value);
});

document.addEventListener("click", (event) => {
  const edit = event.target.closest?.('[data-composer-notes] button[name="edit"]');
  if (edit) {
    event.preventDefault();
    edit.closest("[data-composer-notes]").replaceChildren();
    text()?.focus();
  }
  if (event.target.closest?.("[data-vecu-leave], [data-thread-refresh]")) leaves = Boolean(event.target.closest("[data-vecu-leave]"));
}, true);

document.addEventListener("submit", () => (leaves = true), true);
addEventListener("pageshow", () => (leaves = false));
addEventListener("beforeunload", (event) => {
  if (!leaves && text()?.value.trim()) event.preventDefault();
});

/** After an answer in place: its note if there is one, else the new message in view and ready to go on writing. */
function answered() {
  leaves = false;
  const note = document.querySelector("[data-composer-notes] [tabindex]");
  if (note) return note.focus();
  text()?.closest(".thread").querySelector("[data-thread-lines] > li:last-child")?.scrollIntoView({ block: "nearest" });
  text()?.focus();
}
document.addEventListener("htmx:after:swap", answered);
document.addEventListener("htmx:afterSwap", answered);
