const LONGEST_URL = 2000;
const LONGEST_TITLE = 300;

/** Where the customer is: without query and fragment, which may hold what is nobody's business. */
export function pageMessage(url: string, title: string, step: string | null): object {
  const { origin, pathname } = new URL(url);
  const plain = (origin + pathname).slice(0, LONGEST_URL);
  return { type: "page", url: plain, title: title.slice(0, LONGEST_TITLE), step: stepOf(step) };
}

function stepOf(step: string | null): string | null {
  return step && /^[a-z0-9_-]{1,40}$/.test(step) ? step : null;
}
