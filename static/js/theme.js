// Runs before the first paint, so that a remembered theme never flashes. No module: modules wait.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage is refused: the system's theme holds
}
