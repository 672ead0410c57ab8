"use strict";
const over = document.getElementById("over");
const opacity = document.getElementById("opacity");
const shown = document.getElementById("shown");
function show(name) {
  const layer = document.getElementById("layer-" + name);
  over.hidden = !layer;
  if (layer) { over.src = layer.src; over.alt = layer.alt; }
  for (const note of document.querySelectorAll(".notes")) note.hidden = note.dataset.layer !== name;
  document.getElementById("legend").hidden = !layer;
}
function fade() { over.style.opacity = opacity.value / 100; shown.textContent = opacity.value + " %"; }
for (const radio of document.querySelectorAll("input[name=layer]")) radio.addEventListener("change", () => show(radio.value));
opacity.addEventListener("input", fade);
show(document.querySelector("input[name=layer]:checked").value);
fade();
