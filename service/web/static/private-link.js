// What a private link and its page can be used for, where the browser can: send, copy, print.

const can = { share: navigator.share, copy: navigator.clipboard, print: window.print };
for (const [what, able] of Object.entries(can)) {
  document.documentElement.classList.toggle(`can-${what}`, Boolean(able));
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-do]");
  const link = document.querySelector("[data-link]")?.textContent.trim();
  switch (button?.dataset.do) {
    case "share":
      return navigator.share({ title: document.title, url: link }).catch(() => {}); // thought better
    case "copy":
      await navigator.clipboard.writeText(link);
      button.textContent = button.dataset.copied;
      return undefined;
    case "print":
      return window.print();
    default:
      return undefined;
  }
});
