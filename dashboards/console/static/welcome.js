// A one-time link carries its secret behind the #, which browsers never send: it stands in no log of
// a server or proxy and in no referrer. Here it goes into the form, and out of the address bar.
"use strict";
(() => {
  const form = document.getElementById("link-form");
  const token = location.hash.slice(1);
  if (!form || !token) return;
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token;
  form.submit();
})();
