// The list of event types: the order they are dragged to is kept at once.

const list = document.querySelector("sorted-list");

list?.addEventListener("sorted", async () => {
  const body = new URLSearchParams(list.rows.map((row) => ["ids", row.dataset.row]));
  // It answers by leading back to the list, which is on show already.
  const kept = await fetch("/app/event-types/order", { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (kept?.type !== "opaqueredirect") location.reload();
});
