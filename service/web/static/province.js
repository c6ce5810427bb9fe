// Finds a province by the beginning of any of its names as it is typed, with or without diacritics:
// the only one that fits is chosen, of several the list shows no others.

const select = document.querySelector("select[data-find]");
const [nothing] = select.options;
const NAMED_AT_MOST = 6;

function words(text) {
  const plain = text.toLowerCase().replaceAll("đ", "d").normalize("NFKD").replace(/\p{M}/gu, "");
  const parts = plain.replace(/[^a-z0-9]+/g, " ").trim();
  return parts.replace(/^(tp|(thanh pho|tinh)(?= |$))/, "").trim().split(" ");
}

// A name can be found by the beginning of each of its words: "vung tau" is in Bà Rịa - Vũng Tàu.
const provinces = [...select.querySelectorAll("option[data-names]")].map((option) => {
  const names = option.dataset.names.split("|").map(words);
  const beginnings = names.flatMap((name) => name.map((_, i) => name.slice(i).join("")));
  return { option, group: option.parentElement, names: names.map((name) => name.join("")), beginnings };
});

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

function fitting(wanted) {
  const exact = provinces.filter(({ names }) => names.includes(wanted));
  if (exact.length) return exact;
  return provinces.filter(({ beginnings }) => beginnings.some((each) => each.startsWith(wanted)));
}

// What is chosen stays in the list. Options are taken out, as not every browser hides them.
function list(shown) {
  const chosen = select.value;
  const kept = provinces.filter((each) => shown.includes(each) || each.option.value === chosen);
  for (const { option } of provinces) option.remove();
  for (const { option, group } of kept) group.append(option);
  select.replaceChildren(nothing, ...new Set(kept.map(({ group }) => group)));
  select.value = chosen;  // a list that is made anew chooses by itself
}

function choose(option) {
  select.value = option.value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(fit) {
  if (fit.length === 1) return fit[0].option.label;
  if (!fit.length) return select.dataset.none;
  const named = fit.length > NAMED_AT_MOST ? [] : fit.map(({ option }) => option.label);
  return `${select.dataset.several} ${named.join("; ")}`;
}

find.addEventListener("input", () => {
  const wanted = words(find.value).join("");
  const fit = wanted ? fitting(wanted) : [];
  list(fit.length > 1 ? fit : provinces);
  if (fit.length === 1) choose(fit[0].option);
  found.textContent = wanted ? say(fit) : "";
});
find.addEventListener("keydown", (event) => {
  const wanted = words(find.value).join("");
  if (event.key === "Enter" && wanted && fitting(wanted).length !== 1) event.preventDefault();
});
