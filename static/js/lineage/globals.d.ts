// The names on `window` that other programs read: docs/lineage-page.md.

interface Window {
  lineageReady?: number;
  lineagePlace?: (id: string) => { x: number; y: number; width: number; height: number } | null;
}
