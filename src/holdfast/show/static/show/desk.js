// Keys of the inbox: n goes to the next, a accepts the one that has the focus, r goes to the reason for refusing it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const waiting = [...document.querySelectorAll("[data-waiting]")];
  const here = document.activeElement.closest("[data-waiting]");
  if (event.key === "n" && waiting.length) waiting[(waiting.indexOf(here) + 1) % waiting.length].focus();
  else if (event.key === "a" && here) here.querySelector("button[value=accept]").click();
  else if (event.key === "r" && here) here.querySelector("input[name=reason]").focus();
  else return;
  event.preventDefault();
});
