// Writes down what the bookers on this page tell it.

const log = document.querySelector(".log");
for (const name of ["ready", "date", "time", "booked", "requested", "error", "closed"]) {
  document.addEventListener(`calendo:${name}`, (event) => {
    log.textContent += `calendo:${name} ${JSON.stringify(event.detail)}\n`;
  });
}
