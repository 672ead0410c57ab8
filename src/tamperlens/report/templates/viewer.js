"use strict";
document.documentElement.classList.add("js");
const find = (id) => document.getElementById(id);

// A wipe and a blink between a picture and the same with something laid over it.
for (const compare of document.querySelectorAll(".compare")) {
  const top = compare.querySelector(".top"), wipe = compare.querySelector(".wipe"), blink = compare.querySelector(".blink");
  let timer = 0;
  wipe.addEventListener("input", () => { top.style.clipPath = `inset(0 ${100 - wipe.value}% 0 0)`; });
  blink.addEventListener("click", () => {
    clearInterval(timer);
    const on = blink.getAttribute("aria-pressed") !== "true";
    blink.setAttribute("aria-pressed", on);
    top.style.visibility = "visible";
    if (on) timer = setInterval(() => { top.style.visibility = top.style.visibility === "hidden" ? "visible" : "hidden"; }, 600);
  });
}

// The viewer: which map lies over the photograph, how strongly, beside it or on it, and how large.
const stage = find("stage"), layer = find("layer"), opacity = find("opacity");
function show(name) {
  layer.setAttribute("href", name ? "#map-" + name : "");
  for (const note of document.querySelectorAll(".notes")) note.hidden = note.dataset.layer !== name;
  find("legend").hidden = !name;
  for (const radio of document.querySelectorAll("input[name=layer]")) radio.checked = radio.value === name;
}
for (const radio of document.querySelectorAll("input[name=layer]")) radio.addEventListener("change", () => show(radio.value));
for (const chip of document.querySelectorAll("[data-show]")) chip.addEventListener("click", () => show(chip.dataset.show));
function fade() { layer.style.opacity = opacity.value / 100; find("shown").textContent = opacity.value + " %"; }
opacity.addEventListener("input", fade);
find("beside").addEventListener("change", (event) => {
  stage.classList.toggle("beside", event.target.checked);
  layer.setAttribute("filter", event.target.checked ? "url(#colours)" : "url(#heat)");
});
find("zoom").addEventListener("change", (event) => {
  const zoom = Number(event.target.value);
  stage.style.setProperty("--zoomed", zoom ? zoom * stage.dataset.width + "px" : "100%");
  stage.classList.toggle("zoomed", zoom > 0);
});

// The loupe: native pixels, four times enlarged, on demand with the contrast that is there stretched to all there is.
const loupe = find("loupe"), canvas = loupe.getContext("2d", { willReadFrequently: true });
const photograph = new Image(), SIDE = 60, at = { x: 0.5, y: 0.5 };
photograph.src = find("photograph").getAttribute("href");
function stretched(data) {
  const light = [];
  for (let i = 0; i < data.length; i += 4) light.push(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
  light.sort((a, b) => a - b);
  const low = light[Math.floor(light.length * 0.01)], high = Math.max(low + 1, light[Math.floor(light.length * 0.99)]);
  for (let i = 0; i < data.length; i += 1) if (i % 4 < 3) data[i] = (255 * (data[i] - low)) / (high - low);
}
function look() {
  const part = new OffscreenCanvas(SIDE, SIDE), drawn = part.getContext("2d", { willReadFrequently: true });
  drawn.drawImage(photograph, at.x * photograph.naturalWidth - SIDE / 2, at.y * photograph.naturalHeight - SIDE / 2, SIDE, SIDE, 0, 0, SIDE, SIDE);
  if (find("stretch").checked) {
    const pixels = drawn.getImageData(0, 0, SIDE, SIDE);
    stretched(pixels.data);
    drawn.putImageData(pixels, 0, 0);
  }
  canvas.imageSmoothingEnabled = false;
  canvas.drawImage(part, 0, 0, loupe.width, loupe.height);
}
function follow(event) {
  const box = stage.querySelector(".photo").getBoundingClientRect(), inside = event.clientX - box.left;
  at.x = Math.min(1, Math.max(0, (inside > box.width ? inside - box.width : inside) / box.width));
  at.y = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  if (!loupe.hidden) look();
}
stage.addEventListener("pointermove", follow);
stage.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step || loupe.hidden) return;
  event.preventDefault();
  at.x = Math.min(1, Math.max(0, at.x + (8 * step[0]) / photograph.naturalWidth));
  at.y = Math.min(1, Math.max(0, at.y + (8 * step[1]) / photograph.naturalHeight));
  look();
});
for (const name of ["loupe-on", "stretch"]) find(name).addEventListener("change", () => {
  loupe.hidden = !find("loupe-on").checked;
  if (!loupe.hidden) look();
});
const first = document.querySelector("input[name=layer]:checked");
show(first ? first.value : "");
fade();
