// Finds a province by any of its names as it is typed, with or without diacritics.

const select = document.querySelector("select[data-find]");

function plain(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFKD").replace(/\p{M}/gu, "");
}

const label = document.createElement("label");
label.className = "hint";
label.htmlFor = "find";
label.textContent = select.dataset.find;

const find = document.createElement("input");
find.type = "search";
find.id = "find";
find.autocomplete = "off";

const found = document.createElement("p");
found.className = "hint";
found.setAttribute("role", "status");

select.before(label, find, found);

find.addEventListener("input", () => {
  const wanted = plain(find.value.trim());
  const option = wanted && [...select.options].find(
    (each) => each.value && plain(`${each.label} ${each.dataset.also ?? ""}`).includes(wanted),
  );
  select.value = option ? option.value : "";
  found.textContent = option ? option.label : "";
  select.dispatchEvent(new Event("input", { bubbles: true }));
});
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !select.value) event.preventDefault();
});
