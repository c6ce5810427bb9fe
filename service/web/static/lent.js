// A page that the browser kept for its Back button is asked for anew: the business may have been
// handed over meanwhile.

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
