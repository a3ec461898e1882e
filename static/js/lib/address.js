// Changes to the query of an address, as text. The server alone decides what a view means.

/**
 * Return the query with `changes` applied: null removes a parameter, commas stay readable.
 *
 * @param {string} search the query, with or without its "?"
 * @param {Record<string, string | null>} changes
 */
export function withParameters(search, changes) {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** @param {string} search @param {string} name */
export function parameter(search, name) {
  return new URLSearchParams(search).get(name) ?? "";
}
