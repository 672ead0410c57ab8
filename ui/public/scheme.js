// Runs before the first paint, so that whoever chose the light theme never sees a dark flash.
try {
  document.documentElement.dataset.mantineColorScheme = localStorage.getItem("mantine-color-scheme-value") ?? "dark";
} catch {
  // Storage may be forbidden; dark it stays.
}
