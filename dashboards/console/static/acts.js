// Dialogs over links, copying, and a menu that closes: all of it works as plain pages without.
// A link with data-opens="id" opens that dialog instead of going where it leads.
"use strict";
(() => {
  const menu = document.getElementById("me");

  document.addEventListener("click", (event) => {
    if (menu && menu.open && !menu.contains(event.target)) menu.open = false;
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer && closer.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
    if (event.target.closest("[data-print]")) print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    const label = button.querySelector("span");
    try {
      await navigator.clipboard.writeText(source.dataset.text || source.textContent.trim());
      label.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(source); // no clipboard here: ready for the keyboard
    }
  }

  // Only with scripts do these do anything.
  for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.classList.remove("hidden");

  // What a page shows once, a reload must not make again.
  if (document.querySelector("[data-once]")) history.replaceState(null, "", document.querySelector("[data-once]").dataset.once);

  function counted() {
    const picked = document.querySelectorAll('input[name="kiosk"]:checked').length;
    for (const sign of document.querySelectorAll("[data-chosen]")) sign.textContent = picked ? `(${picked})` : "";
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      for (const box of document.querySelectorAll('input[name="kiosk"]')) box.checked = event.target.checked;
    }
    counted();
  });
})();
