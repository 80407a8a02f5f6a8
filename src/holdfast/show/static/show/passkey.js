// Says on the page that no passkey was used, or none was made: allauth's own scripts tell the console alone.
"use strict";
document.addEventListener("allauth.error", (event) => {
  const said = document.getElementById("passkey_failed");
  if (!said) return;
  said.hidden = false;
  event.preventDefault();
});
