// Counts the round's timer down between two answers of the server. `data-left` is what the server's clock says at the
// moment of the answer, so a wrong clock of the device does not matter; without this file the minutes stand as text.

let timer, left, since;

const two = (number) => String(number).padStart(2, "0");

function show() {
  if (!timer) return;
  const seconds = Math.max(0, Math.ceil(left - (performance.now() - since) / 1000));
  const hours = Math.floor(seconds / 3600);
  const text = `${two(Math.floor((seconds % 3600) / 60))}.${two(seconds % 60)}`;
  timer.textContent = seconds === 0 ? timer.dataset.over : hours ? `${hours}.${text}` : text;
  timer.parentElement.classList.toggle("rs-late", seconds === 0);
}

function take() {
  timer = document.querySelector("[data-left]");
  left = Number(timer?.dataset.left);
  since = performance.now();
  show();
}

take();
setInterval(show, 1000);
document.addEventListener("htmx:afterSwap", take);
