// The roll call: "Semua hadir" fills the choices of those not marked yet, minutes stand only where somebody was late, counts follow each tap.

const form = document.querySelector("[data-roll-call]");

const chosen = (person) => person.querySelector("input[type=radio]:checked")?.value ?? "";

function refresh() {
  const counts = { present: 0, missing: 0, open: 0 };
  for (const person of form.querySelectorAll(".att-person")) {
    const value = chosen(person);
    const minutes = person.querySelector("[data-minutes]");
    minutes.hidden = value !== "late" && !minutes.querySelector("input").value;
    counts[value === "" ? "open" : ["present", "late"].includes(value) ? "present" : "missing"] += 1;
  }
  const output = form.querySelector("[data-counts]");
  output.textContent = Object.entries(counts).filter(([, n]) => n).map(([name, n]) => `${n} ${output.dataset[name]}`).join(", ");
}

if (form) {
  form.addEventListener("change", refresh);
  form.querySelector("[data-all-present]").addEventListener("click", (event) => {
    event.preventDefault();
    for (const person of form.querySelectorAll(".att-person:not([data-marked])")) {
      person.querySelector("input[value=present]").checked = true;
    }
    refresh();
  });
  refresh();
}
