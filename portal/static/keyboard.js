// The keyboard on the screen. It stands in the page, never over the field that is written in.
//
// The keys are simple-keyboard's; which keys there are follows from the field: inputmode numeric,
// tel or email, else letters. What is typed goes into the field as if keys had been pressed there.
"use strict";

(() => {
  const panel = document.getElementById("keys");
  const KINDS = "textarea, input:not([type]), input[type=text], input[type=search], " +
    "input[type=tel], input[type=email], input[type=number], input[type=password]";
  const LAYOUTS = {
    letters: ["1 2 3 4 5 6 7 8 9 0", "q w e r t y u i o p", "a s d f g h j k l",
      "{shift} z x c v b n m {bksp}", "{more} , {space} . {enter} {close}"],
    shifted: ["1 2 3 4 5 6 7 8 9 0", "Q W E R T Y U I O P", "A S D F G H J K L",
      "{shift} Z X C V B N M {bksp}", "{more} , {space} . {enter} {close}"],
    more: ["1 2 3 4 5 6 7 8 9 0", "- / : ; ( ) & @ \"", "? ! ' + = # % *",
      "é É { } [ ] _ {bksp}", "{letters} , {space} . {enter} {close}"],
    numeric: ["1 2 3", "4 5 6", "7 8 9", "{bksp} 0 {close}"],
    tel: ["1 2 3", "4 5 6", "7 8 9", "+ 0 {bksp}", "{close}"],
    email: ["1 2 3 4 5 6 7 8 9 0", "q w e r t y u i o p", "a s d f g h j k l -",
      "z x c v b n m _ . {bksp}", "@ @gmail.com @yahoo.com {close}"],
  };
  const DISPLAY = { "{bksp}": "⌫", "{enter}": "↵", "{space}": " ", "{shift}": "⇧",
    "{more}": "?!&", "{letters}": "abc", "{close}": "✓" };
  let board = null;
  let field = null;
  let loading = null;

  function load() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = "/vendor/simple-keyboard.js";
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  function kind() {
    const mode = field.inputMode || field.type;
    return ["numeric", "tel", "email"].includes(mode) ? mode : mode === "decimal" ? "numeric"
      : "letters";
  }

  function put(text) {
    const from = field.selectionStart ?? field.value.length;
    const to = field.selectionEnd ?? field.value.length;
    const most = field.maxLength > 0 ? field.maxLength - field.value.length + to - from : Infinity;
    change(from, to, text.slice(0, Math.max(0, most)));
  }

  function change(from, to, text) {
    if (field.selectionStart === null) field.value = field.value.slice(0, from) + text;
    else field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  function rub() {
    const from = field.selectionStart ?? field.value.length;
    const to = field.selectionEnd ?? field.value.length;
    if (from !== to) change(from, to, "");
    else if (from > 0) change(from - 1, from, "");
  }

  function pressed(key) {
    if (!field) return;
    const layout = board.options.layoutName;
    if (key === "{bksp}") rub();
    else if (key === "{close}") hide();
    else if (key === "{shift}") layoutIs(layout === "shifted" ? "letters" : "shifted");
    else if (key === "{more}") layoutIs("more");
    else if (key === "{letters}") layoutIs("letters");
    else if (key === "{enter}") {
      if (field.tagName === "TEXTAREA") put("\n");
      else field.form?.requestSubmit();
    } else {
      put(key === "{space}" ? " " : key);
      if (layout === "shifted") layoutIs("letters");
    }
  }

  function layoutIs(name) {
    board.setOptions({ layoutName: name });
    panel.dataset.layout = name;
  }

  async function show(one) {
    field = one;
    try { await load(); } catch { return; } // the page works without
    if (field !== one || document.activeElement !== one) return;
    panel.hidden = false;
    document.body.classList.add("typing");
    board ??= new window.SimpleKeyboard.default(panel, {
      layout: LAYOUTS, display: DISPLAY, onKeyPress: pressed, preventMouseDownDefault: true,
      layoutName: "letters", disableCaretPositioning: true, autoUseTouchEvents: false,
      buttonTheme: [{ class: "main", buttons: "{close}" },
        { class: "side", buttons: "{shift} {bksp} {more} {letters} {enter}" }],
    });
    const name = kind();
    layoutIs(name === "letters" && field.autocapitalize !== "none" && !field.value ? "shifted"
      : name);
    field.scrollIntoView({ block: "center" });
  }

  function hide() {
    panel.hidden = true;
    document.body.classList.remove("typing");
    field?.blur();
    field = null;
  }

  if (!panel) return;
  // A key that is touched must not take the field's focus away.
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(KINDS) && !event.target.readOnly) show(event.target);
  });
  document.addEventListener("focusout", (event) => {
    const next = event.relatedTarget;
    if (field && event.target === field && !(next && next.matches?.(KINDS))) {
      setTimeout(() => { if (field && document.activeElement !== field) hide(); }, 150);
    }
  });
  document.addEventListener("leave", hide);
  const first = document.activeElement;
  if (first && first.matches?.(KINDS)) show(first);
})();
