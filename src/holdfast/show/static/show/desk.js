// Keys of the inbox: j and k go on and back, a accepts, r goes to the reason for refusing, ? lists them.
// What needs a reason is never done by one key: the key leads to the reason.
"use strict";
(() => {
  const waiting = () => [...document.querySelectorAll("[data-waiting]")];
  const help = document.getElementById("keys"), button = document.querySelector("[data-keys]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
  const step = (by) => {
    const all = waiting(), at = all.indexOf(document.activeElement.closest("[data-waiting]"));
    if (all.length) all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length].focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const here = document.activeElement.closest("[data-waiting]");
    const accept = here?.querySelector("button[value=accept]");
    const reason = here?.querySelector("input[name=reason]");
    if (event.key === "j" || event.key === "n") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "a" && accept) (accept.form.contains(reason) ? reason : accept)[accept.form.contains(reason) ? "focus" : "click"]();
    else if (event.key === "r" && reason) reason.focus();
    else if (event.key === "?" && help) help.showModal();
    else return;
    event.preventDefault();
  });
})();
