// A thread notices new messages by itself. The stream carries no text: on each signal the page asks for what came after
// its last line, through the ordinary gated view. Without this file, « Actualiser » does the same.

const SOON = 150;

class Live {
  constructor(thread) {
    this.thread = thread;
    this.stream = new EventSource(thread.dataset.threadLive);
    this.stream.onmessage = () => this.later();
    this.stream.onopen = () => this.later();
  }

  /** Several signals at once make one question; questions never overlap. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.asking = (this.asking ?? Promise.resolve()).then(() => this.ask())), SOON);
  }

  get last() {
    const lines = this.thread.querySelectorAll("[data-number]");
    return lines.length ? Number(lines[lines.length - 1].dataset.number) : 0;
  }

  async ask() {
    if (!this.thread.isConnected) return this.stream.close();
    const { threadNews: url, threadBack: back } = this.thread.dataset;
    const answer = await fetch(`${url}?after=${this.last}&next=${encodeURIComponent(back)}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const news = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = this.thread.querySelector("[data-thread-lines]");
    const known = new Set([...list.querySelectorAll(".bubbles-day")].map((day) => day.textContent));
    const isAtEnd = atEnd();
    let count = 0;
    for (const line of news.querySelectorAll("[data-thread-lines] > li")) {
      if (line.dataset.number ? Number(line.dataset.number) <= this.last : known.has(line.textContent)) continue;
      list.append(line);
      count += 1;
    }
    const status = news.querySelector("[data-thread-status]");
    const shown = this.thread.querySelector("[data-thread-status]");
    if (status && status.innerHTML !== shown.innerHTML) shown.replaceChildren(...status.childNodes);
    if (shown.querySelector("[data-thread-closed]")) this.stream.close();
    if (count && isAtEnd) list.lastElementChild.scrollIntoView({ block: "nearest" });
    if (count) readIfSeen(this.thread);
  }
}

function atEnd() {
  return innerHeight + scrollY >= document.documentElement.scrollHeight - innerHeight / 2;
}

/** What is on a screen that somebody looks at has been read: the button « J’ai lu » is pressed for them. */
async function readIfSeen(thread) {
  const box = thread.querySelector("[data-thread-read]");
  if (!box || document.visibilityState !== "visible") return;
  const form = box.querySelector("form");
  const lines = thread.querySelectorAll("[data-number]");
  if (!lines.length) return;
  form.elements.up_to.value = lines[lines.length - 1].dataset.number;
  const data = new FormData(form);
  data.delete("_once");
  const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => null);
  if (answer) box.hidden = true;
}

/** A page that opens on a long thread opens at its end, unless its address says where. */
function goToEnd(thread) {
  const log = thread.querySelector(".thread-log");
  if (!location.hash && log.getBoundingClientRect().height > innerHeight) thread.querySelector(".thread-end").scrollIntoView({ block: "center" });
}

function start() {
  for (const thread of document.querySelectorAll("[data-thread-news]")) {
    if (thread.live) continue;
    thread.live = thread.dataset.threadLive ? new Live(thread) : true;
    goToEnd(thread);
    if (!thread.querySelector("[data-thread-read]")?.hidden) readIfSeen(thread);
  }
}

document.addEventListener("visibilitychange", () => {
  for (const thread of document.querySelectorAll("[data-thread-read]:not([hidden])")) readIfSeen(thread.closest("[data-thread-news]"));
});
document.addEventListener("htmx:after:swap", start);
document.addEventListener("htmx:afterSwap", start);
start();
