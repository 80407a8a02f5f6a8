// Sends files in pieces by tus, so that a broken line, a restarted server or a closed page costs one piece at most.
// What was begun is remembered here, in this browser, by the file's name, length and date, until it was handed over.
"use strict";
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const PIECE = 4 * 1024 * 1024, FIRST_WAIT = 1000, LONGEST_WAIT = 30000, KEY = "holdfast-upload ";
  const TUS = { "Tus-Resumable": "1.0.0" };
  const said = form.dataset, list = form.querySelector(".files"), chooser = form.querySelector("input[type=file]");
  const running = new Set();
  let wantsToGo = false;

  const made = (tag, fields = {}, ...children) => {
    const one = Object.assign(document.createElement(tag), fields);
    one.append(...children);
    return one;
  };
  const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const remember = (key, place) => { try { place ? localStorage.setItem(key, place) : localStorage.removeItem(key); } catch { /* it may be forbidden */ } };
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keyOf = (file) => `${KEY}${[file.name, file.size, file.lastModified].join("|")}`;

  const forget = async (place) => {
    for (let tries = 0; tries < 10; tries += 1) { // a piece that was cut off may still be being written
      const gone = await fetch(place, { method: "DELETE", headers: TUS }).catch(() => ({ status: 503 }));
      if (![423, 503].includes(gone.status)) return;
      await new Promise((go) => { setTimeout(go, FIRST_WAIT); });
    }
  };

  class Refusal extends Error { constructor(text) { super(text); } }

  class Sending {
    constructor(file) {
      this.file = file;
      this.key = keyOf(file);
      this.offset = 0;
      this.wait = FIRST_WAIT;
      this.isPaused = false;
      this.bar = made("progress", { max: file.size || 1, value: 0 });
      this.bar.setAttribute("aria-label", file.name);
      this.state = made("span", { className: "soft", textContent: said.sending });
      this.pause = made("button", { type: "button", textContent: said.pause });
      const remove = made("button", { type: "button", textContent: said.remove });
      this.line = made("li", {}, made("bdi", { className: "name", textContent: file.name }), this.bar, this.state, this.pause, remove);
      list.append(this.line);
      this.pause.addEventListener("click", () => this.toggle());
      remove.addEventListener("click", () => this.remove());
    }
    show(offset) {
      this.offset = offset;
      this.bar.value = offset;
      this.state.textContent = `${Math.floor(100 * offset / this.file.size)} %`;
    }
    toggle() {
      this.isPaused = !this.isPaused;
      this.pause.textContent = this.isPaused ? said.goOn : said.pause;
      if (this.isPaused) this.state.textContent = said.paused;
      else { this.show(this.offset); this.resume?.(); }
    }
    async remove() {
      this.isGone = true;
      this.abort?.abort();
      this.resume?.();
      remember(this.key, "");
      this.line.remove();
      chooser.focus();
      if (this.place) await forget(this.place);
    }
    async begin() {
      const place = recall(this.key);
      if (place) {
        const found = await fetch(place, { method: "HEAD", headers: TUS, cache: "no-store" });
        if (found.ok) { this.place = place; this.show(Number(found.headers.get("Upload-Offset"))); return; }
        if (found.status >= 500) throw new Error();
        remember(this.key, "");
      }
      const headers = { ...TUS, "Upload-Length": this.file.size, "Upload-Metadata": `filename ${encoded(this.file.name)}` };
      const answer = await fetch(said.upload, { method: "POST", headers });
      if (answer.status >= 500 && answer.status !== 507) throw new Error();
      if (!answer.ok) throw new Refusal(await answer.text());
      this.place = answer.headers.get("Location");
      remember(this.key, this.place);
    }
    async piece() {
      const part = this.file.slice(this.offset, this.offset + PIECE);
      const headers = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": this.offset };
      if (globalThis.crypto?.subtle) {
        const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
        headers["Upload-Checksum"] = `sha256 ${btoa(String.fromCharCode(...sum))}`;
      }
      this.abort = new AbortController();
      const answer = await fetch(this.place, { method: "PATCH", headers, body: part, signal: this.abort.signal });
      if (answer.ok) { this.show(Number(answer.headers.get("Upload-Offset"))); this.wait = FIRST_WAIT; return; }
      if (answer.status === 404) { remember(this.key, ""); this.place = ""; this.offset = 0; }
      if ([403, 413, 507].includes(answer.status)) throw new Refusal(await answer.text());
      throw new Error(); // the rest passes: ask how much has come, and go on from there
    }
    async whole() {
      while (!this.isGone) {
        if (this.isPaused) { await new Promise((go) => { this.resume = go; }); continue; }
        try {
          if (!this.place || this.isUnsure) { await this.begin(); this.isUnsure = false; }
          if (this.offset >= this.file.size) return;
          await this.piece();
        } catch (error) {
          if (error instanceof Refusal) throw error;
          if (this.isGone) return;
          this.isUnsure = true;
          this.state.textContent = said.waiting;
          await new Promise((go) => {
            this.resume = go;
            setTimeout(go, this.wait);
            addEventListener("online", go, { once: true });
          });
          this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
        }
      }
    }
    async send() {
      if (!this.file.size || this.file.size > Number(said.largest)) return this.refuse(this.file.size ? said.large : said.empty);
      running.add(this);
      try {
        await this.whole();
        if (this.isGone) return;
        this.bar.value = this.bar.max;
        this.state.textContent = said.done;
        this.pause.remove();
        this.line.append(made("input", { type: "hidden", name: "upload", value: this.place.split("/").pop() }));
      } catch (error) {
        this.refuse(`${said.refused} ${error.message}`);
        remember(this.key, "");
      } finally {
        running.delete(this);
        if (wantsToGo && !running.size) form.requestSubmit();
      }
    }
    refuse(text) {
      this.bar.remove();
      this.pause.remove();
      this.state.className = "bad";
      this.state.textContent = text;
    }
  }

  chooser.removeAttribute("name"); // from now on files go by themselves, and the form is small
  form.querySelector(".plain").hidden = true;
  form.querySelector(".scripted").hidden = false;
  chooser.addEventListener("change", () => {
    for (const note of list.querySelectorAll("[data-begun]")) {
      if ([...chooser.files].some((file) => keyOf(file) === note.dataset.begun)) note.remove();
    }
    for (const file of chooser.files) {
      if (![...running].some((one) => one.key === keyOf(file))) new Sending(file).send();
    }
    chooser.value = "";
  });
  form.addEventListener("submit", (event) => {
    if (running.size) {
      event.preventDefault();
      wantsToGo = true;
      if (!list.querySelector(".unfinished")) list.append(made("li", { className: "unfinished", textContent: said.unfinished }));
      return;
    }
    const sent = new Set([...list.querySelectorAll("input[name=upload]")].map((one) => one.value));
    for (const key of stored()) if (sent.has(recall(key)?.split("/").pop())) remember(key, "");
  });

  function stored() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(KEY)); } catch { return []; }
  }
  for (const key of stored()) {
    const place = recall(key);
    fetch(place, { method: "HEAD", headers: TUS, cache: "no-store" }).then((found) => {
      if (!found.ok) { if (found.status < 500) remember(key, ""); return; }
      const part = Math.floor(100 * Number(found.headers.get("Upload-Offset")) / Number(found.headers.get("Upload-Length")));
      const remove = made("button", { type: "button", textContent: said.remove });
      const name = key.slice(KEY.length).split("|").slice(0, -2).join("|");
      const note = made("li", {}, made("bdi", { className: "name", textContent: name }), made("span", { textContent: `${part} %` }), made("span", { className: "soft", textContent: said.again }), remove);
      note.dataset.begun = key;
      remove.addEventListener("click", () => {
        remember(key, "");
        note.remove();
        chooser.focus();
        forget(place);
      });
      list.append(note);
    }).catch(() => {});
  }
})();
