// Vécu works without this file. It only adds: where the focus goes after a swap, Escape, and the quick way out.

const FOCUSABLE = "[data-vecu-errors], [aria-invalid=true], [data-vecu-focus], h1, h2, h3";

const LIVE = "[aria-live], [role=log], [role=status], [data-vecu-still]";
const TYPING = "textarea, select, input:not([type=submit], [type=button], [type=checkbox], [type=radio])";

/** After htmx replaced a part of the page, take the reader to its first error, else to its heading. */
function focusInside(part) {
  const goal = part.querySelector(FOCUSABLE) ?? part;
  if (!goal.matches("a, button, input, select, textarea, [tabindex]")) goal.setAttribute("tabindex", "-1");
  goal.focus();
}

/** htmx 4 names the target in detail.ctx, htmx 2 in detail.target; an outerHTML swap leaves only its id to find it by.
    Parts that change by themselves never take the focus, and nobody who is typing loses it. */
function swapped(event) {
  const target = event.detail?.ctx?.target ?? event.detail?.target;
  const part = target?.id && document.getElementById(target.id);
  if (!part || part.closest(LIVE) || document.activeElement?.matches(TYPING)) return;
  focusInside(part);
}
document.addEventListener("htmx:after:swap", swapped);
document.addEventListener("htmx:afterSwap", swapped);

/** On a page that came back with errors, start at their list. */
document.querySelector("main [data-vecu-errors]")?.focus();

/** A second click while a form leaves does nothing; the server refuses it too. Coming back frees the button, and so do
 * three seconds: when the answer is a file, the page stays. */
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  const pressed = event.submitter ?? event.target;
  if (pressed.hasAttribute("data-vecu-sent")) return event.preventDefault();
  pressed.setAttribute("data-vecu-sent", "");
  setTimeout(() => pressed.removeAttribute("data-vecu-sent"), 3000);
});
addEventListener("pageshow", () => {
  for (const pressed of document.querySelectorAll("[data-vecu-sent]")) pressed.removeAttribute("data-vecu-sent");
});

/** Escape folds what is open and gives the focus back to its button; a click elsewhere folds the account menu. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.activeElement?.closest("details[data-vecu-fold][open]") ?? document.querySelector("details.account[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.account[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

/** Leave fast: the neutral page takes this one's place in the history. */
document.addEventListener("click", (event) => {
  const way = event.target.closest?.("[data-vecu-leave]");
  if (!way) return;
  event.preventDefault();
  document.body.hidden = true;
  location.replace(way.href);
});

/** « Print this page », shown only where a script can print. */
for (const button of document.querySelectorAll("[data-vecu-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
