// Giving commands: the one dialog, opened over whatever page asks for it. Without scripts each of
// its links and forms is a page of its own. A form that was sent is not sent a second time.
"use strict";
(() => {
  const dialog = document.getElementById("act-dialog");

  async function open(address) {
    await htmx.ajax("GET", address, { target: "#act", swap: "morph" });
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-act]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !dialog) return;
    event.preventDefault();
    open(link.href);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "pick" && dialog && event.submitter?.name !== "act") {
      event.preventDefault();
      const asked = new URLSearchParams(new FormData(form));
      for (const name of ["csrf", "name", "step"]) asked.delete(name);
      if (asked.has("kiosk")) open(`/act?${asked}`);
    }
    if (!form.matches("[data-once-sent]") || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  });

  // Fields that only matter for one choice of another field.
  function depend() {
    for (const one of document.querySelectorAll("[data-if]")) {
      const [name, wanted] = one.dataset.if.split("=");
      const field = one.closest("form")?.elements[name];
      one.classList.toggle("hidden", !field || field.value !== wanted);
    }
  }
  document.addEventListener("change", depend);
  document.addEventListener("morphed", depend);

  // The bar appears with the first row that is checked.
  function picked() {
    const some = document.querySelectorAll('input[name="kiosk"][form="pick"]:checked').length;
    document.getElementById("pick")?.classList.toggle("has", some > 0);
  }
  document.addEventListener("change", picked);
  document.addEventListener("morphed", picked);
  depend();
  picked();
})();
