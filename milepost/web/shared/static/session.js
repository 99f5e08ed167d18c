// Warn before the session ends. The server keeps the limit; this only says so in time, in every tab.
(() => {
  "use strict";
  const dialog = document.querySelector("[data-session]");
  if (!dialog?.showModal) return;
  const limit = Number(dialog.dataset.idle) * 1000;
  const notice = Number(dialog.dataset.notice) * 1000;
  const left = dialog.querySelector("[data-left]");
  const status = dialog.querySelector("[role=status]");
  const title = document.title;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let seen = Date.now();
  let said = 0;

  const words = (seconds) => {
    const minutes = Math.ceil(seconds / 60);
    if (seconds > 60) return `${minutes} minutes`;
    return seconds === 1 ? "1 second" : `${seconds} seconds`;
  };
  const alive = () => {
    seen = Date.now();
    said = 0;
    document.title = title;
    if (dialog.open) dialog.close();
  };
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((seen + limit - Date.now()) / 1000));
    if (seconds === 0) {
      // The server signs out and says so; the page asked for is the one it leads back to.
      location.reload();
      return;
    }
    if (seconds * 1000 > notice) return;
    if (!dialog.open) dialog.showModal();
    left.textContent = words(seconds);
    document.title = `${words(seconds)} left – ${title}`;
    const minutes = Math.ceil(seconds / 60);
    if (minutes !== said) {
      said = minutes;
      status.textContent = `We will sign you out in ${words(seconds)}.`;
    }
  };
  const stay = async () => {
    const answer = await fetch(dialog.dataset.alive, { method: "HEAD", redirect: "manual", cache: "no-store" });
    if (!answer.ok) {
      location.reload();
      return;
    }
    alive();
    tabs?.postMessage("alive");
  };

  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (happened) => {
    happened.preventDefault();
    stay();
  });
  if (tabs) {
    tabs.onmessage = alive;
    tabs.postMessage("alive");
  }
  setInterval(tick, 1000);
})();
