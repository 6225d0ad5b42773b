// Ticks everybody of the table at once. Without script each row is ticked by itself.

const reveal = () => document.querySelectorAll("[data-tick-all]").forEach((button) => (button.hidden = false));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick-all]");
  const boxes = button ? [...button.form.querySelectorAll("input[name=assessment]")] : [];
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
});

document.addEventListener("htmx:afterSwap", reveal);
reveal();
