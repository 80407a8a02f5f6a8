// What the browser's own player lacks: keys, frame steps, a moment to share, a transcript that follows, a preview.
// Everything here works on elements that the page has anyway; without this file the film still plays.

const player = document.getElementById("player");
const tools = document.getElementById("tools");
const article = document.querySelector("[data-work]");
const byId = (id) => document.getElementById(id);
const SAVED = `holdfast:at:${article.dataset.work}`;
const EVERY_S = 5;
const NEAR_END_S = 10;

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};
const length = () => (Number.isFinite(player.duration) ? player.duration : Number(byId("seek").max));
const go = (seconds) => { player.currentTime = Math.min(Math.max(0, seconds), length()); };
const toggle = () => (player.paused ? player.play() : player.pause());
const tell = (text) => { byId("told").textContent = text; };

// ---------------------------------------------------------------- keys
const step = (direction) => {
  player.pause();
  go(player.currentTime + direction * Number(player.dataset.frame || 0.04));
};

const captions = () => [...player.textTracks].filter((track) => track.kind === "captions");
const nextCaptions = () => {
  const all = captions();
  const shown = all.findIndex((track) => track.mode === "showing");
  all.forEach((track, n) => { track.mode = n === shown + 1 ? "showing" : "disabled"; });
};

const wholeScreen = () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (player.requestFullscreen) player.requestFullscreen();
};

const KEYS = {
  " ": toggle, k: toggle,
  j: () => go(player.currentTime - 10), l: () => go(player.currentTime + 10),
  ArrowLeft: () => go(player.currentTime - 5), ArrowRight: () => go(player.currentTime + 5),
  ",": () => step(-1), ".": () => step(1),
  c: nextCaptions, m: () => { player.muted = !player.muted; }, f: wholeScreen,
  "?": () => byId("keys").showModal(),
};
const TYPING = "input, select, textarea, [contenteditable], dialog";

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest(TYPING)) return;
  if (event.key === " " && target.closest("button, a, summary")) return;
  const inList = event.key.startsWith("Arrow") && target.closest(".cues");
  const deed = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!deed || inList) return;
  event.preventDefault();
  deed();
}, { capture: true });

// ---------------------------------------------------------------- speed, share, help
byId("speed").addEventListener("change", (event) => { player.playbackRate = Number(event.target.value); });
byId("help").addEventListener("click", () => byId("keys").showModal());
byId("share").addEventListener("click", async () => {
  const link = byId("link");
  const address = new URL(link.value);
  const time = clock(player.currentTime);
  link.value = `${address.origin}${address.pathname}?t=${time}`;
  try {
    await navigator.clipboard.writeText(link.value);
    tell(tools.dataset.copied.replace("{time}", time));
  } catch {
    tell(tools.dataset.shown.replace("{time}", time));
  }
});

// ---------------------------------------------------------------- go on where one stopped; kept in this browser only
const saved = () => { try { return Number(localStorage.getItem(SAVED)); } catch { return 0; } };
const save = (seconds) => {
  try {
    if (seconds > EVERY_S && seconds < length() - NEAR_END_S) localStorage.setItem(SAVED, String(Math.floor(seconds)));
    else localStorage.removeItem(SAVED);
  } catch { /* a browser that keeps nothing */ }
};
const resume = byId("resume");
if (saved() && !new URLSearchParams(location.search).has("t")) {
  const at = saved();
  resume.textContent = tools.dataset.resume.replace("{time}", clock(at));
  resume.hidden = false;
  resume.addEventListener("click", () => { go(at); player.play(); resume.hidden = true; });
}

// ---------------------------------------------------------------- the transcript follows, and leads
const lines = [...document.querySelectorAll(".cues li")].map((element) => (
  { element, start: Number(element.dataset.start), end: Number(element.dataset.end) }
));
const follow = (seconds) => {
  for (const { element, start, end } of lines) {
    const isNow = start <= seconds && seconds < end;
    if (isNow === element.classList.contains("now")) continue;
    element.classList.toggle("now", isNow);
    const list = element.parentElement;
    if (isNow && !list.matches(":hover, :focus-within")) {
      list.scrollTop = element.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  }
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("li[data-start] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(Number(link.closest("li").dataset.start));
  history.replaceState(null, "", link.href);
  if (link.closest(".tiles")) player.scrollIntoView({ block: "center" });
});
for (const section of document.querySelectorAll(".transcript")) {
  const filter = section.querySelector(".filter");
  filter.hidden = false;
  filter.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLocaleLowerCase();
    for (const line of section.querySelectorAll("li")) {
      line.hidden = wanted !== "" && !line.textContent.toLocaleLowerCase().includes(wanted);
    }
  });
}

// ---------------------------------------------------------------- the time bar, and what lies under the pointer
const seek = byId("seek");
const preview = byId("preview");
const tiles = [...document.querySelectorAll(".tiles li")];
const look = (share) => {
  const at = share * length();
  const tile = tiles.findLast((one) => Number(one.dataset.start) <= at);
  preview.replaceChildren(...(tile ? [tile.querySelector("svg").cloneNode(true)] : []), clock(at));
  preview.style.left = `${share * 100}%`;
  preview.hidden = false;
};
seek.addEventListener("input", () => { go(Number(seek.value)); look(seek.value / seek.max); });
seek.addEventListener("pointermove", (event) => {
  const box = seek.getBoundingClientRect();
  look(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
});
for (const leaving of ["pointerleave", "blur"]) seek.addEventListener(leaving, () => { preview.hidden = true; });

let savedAt = 0;
player.addEventListener("loadedmetadata", () => { seek.max = length(); });
player.addEventListener("timeupdate", () => {
  const now = player.currentTime;
  seek.value = now;
  seek.setAttribute("aria-valuetext", clock(now));
  follow(now);
  if (Math.abs(now - savedAt) > EVERY_S) save(savedAt = now);
});
player.addEventListener("seeked", () => follow(player.currentTime));
tools.hidden = false;
