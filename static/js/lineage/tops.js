// What Escape closes: whatever lies on top.

/** @param {import("./island.js").Island} island @returns {boolean} false when nothing was open */
export function closeTop(island) {
  const { container } = island.drawing ?? {};
  if (island.find.isOpen) {
    island.find.close();
    container?.focus();
  } else if (island.members.isOpen) island.closeCluster();
  else if (island.custom.isOpen) island.custom.close();
  else if (island.panel.isOpen) island.closePanel();
  else if (container?.contains(document.activeElement)) container.blur();
  else return false;
  return true;
}
