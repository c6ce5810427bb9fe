// Offers to copy the private link, where the browser can.

const link = document.querySelector("[data-link]");
const place = document.querySelector("[data-share]");
const button = place?.querySelector("button");

if (button && navigator.clipboard) {
  place.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.textContent);
    button.textContent = button.dataset.copied;
  });
}
