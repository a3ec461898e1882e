// Shortening of names for narrow places.

const VERSION = /:v\d+$/;

/**
 * Shorten `name` in the middle until `fits` accepts it. A version at its end (":v12") is never cut.
 *
 * @param {string} name
 * @param {(text: string) => boolean} fits
 * @returns {string} the name itself when it fits; never less than an ellipsis and the version
 */
export function shortenMiddle(name, fits) {
  if (fits(name)) return name;
  const version = VERSION.exec(name)?.[0] ?? "";
  const stem = Array.from(name.slice(0, name.length - version.length)); // whole characters, not halves of a pair
  const cut = (/** @type {number} */ keep) => {
    const back = Math.floor(keep / 3);
    return `${stem.slice(0, keep - back).join("")}…${back ? stem.slice(-back).join("") : ""}${version}`;
  };
  return longest(cut, stem.length - 1, fits);
}

/**
 * Shorten `text` at its end until `fits` accepts it: for prose, of which the beginning says most.
 *
 * @param {string} text
 * @param {(text: string) => boolean} fits
 */
export function shortenEnd(text, fits) {
  if (fits(text)) return text;
  const characters = Array.from(text);
  return longest((keep) => `${characters.slice(0, keep).join("").trimEnd()}…`, characters.length - 1, fits);
}

/** The longest cut that fits. @param {(keep: number) => string} cut @param {number} most @param {(text: string) => boolean} fits */
function longest(cut, most, fits) {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(cut(middle))) low = middle;
    else high = middle - 1;
  }
  return cut(low);
}
