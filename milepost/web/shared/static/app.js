// Small enhancements only: every page works without this file. No markup is ever written from here.
(() => {
  "use strict";
  const on = (selector, event, act) =>
    document.addEventListener(event, (happened) => {
      const target = happened.target.closest?.(selector);
      if (target) act(happened, target);
    });

  // Show or hide a password: the button is only revealed where script runs.
  for (const button of document.querySelectorAll("[data-reveal]")) button.hidden = false;
  on("[data-reveal]", "click", (_, button) => {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.textContent = show ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-label", show ? button.dataset.hideLabel : button.dataset.showLabel);
    const status = button.parentElement.nextElementSibling;
    if (status?.matches("[role=status]")) status.textContent = show ? button.dataset.shown : button.dataset.hidden;
  });
  // What is sent is always sent as a password, so that browsers do not remember it as text.
  document.addEventListener("submit", (happened) => {
    for (const input of happened.target.querySelectorAll("input[data-password][type=text]")) input.type = "password";
  });

  // Say that Caps Lock is on.
  document.addEventListener("keyup", (happened) => {
    const note = happened.target.matches?.("[data-caps]") && document.getElementById(happened.target.dataset.caps);
    if (note) note.hidden = !happened.getModifierState?.("CapsLock");
  });

  // After an error the summary has the focus, as its links promise.
  document.querySelector("[data-focus]")?.focus();

  // A link to an answer opens it.
  const openAnswer = () => {
    const answer = location.hash && document.getElementById(location.hash.slice(1));
    if (answer?.matches?.("details")) answer.open = true;
  };
  addEventListener("hashchange", openAnswer);
  openAnswer();

  // Print opens every year.
  addEventListener("beforeprint", () => {
    for (const year of document.querySelectorAll("details.year")) year.open = true;
  });
})();
