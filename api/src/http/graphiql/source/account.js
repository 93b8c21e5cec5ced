// The tokens of this tab: kept from the answer of `signIn` (and its like), sent with every request
// that brings no Authorization header of its own, renewed once they have run out.
const KEY = "bizing.tokens";
const listeners = new Set();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

let tokens = read();

function keep(next) {
  tokens = next;
  sessionStorage.setItem(KEY, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export const isSignedIn = () => Boolean(tokens.accessToken);
export const accessToken = () => tokens.accessToken;
export const forget = () => keep({});

export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keeps the tokens that stand in a root field of an answer; false where there are none. */
export function learn(answer) {
  for (const value of Object.values(answer?.data ?? {})) {
    if (typeof value?.accessToken === "string") {
      // A refresh token goes with its access token; one of another session is worth nothing.
      keep({ accessToken: value.accessToken, refreshToken: value.refreshToken });
      return true;
    }
  }
  return false;
}

let renewing;

/** Trades the refresh token for new tokens, or forgets them: once, however many ask for it. */
export function renew(url) {
  renewing ??= trade(url, tokens.refreshToken).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function trade(url, refreshToken) {
  if (!refreshToken) return forget();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: `mutation($token: String!) {
        tokenRefresh(input: {refreshToken: $token}) { accessToken refreshToken }
      }`,
      variables: { token: refreshToken },
    }),
  });
  const answer = await response.json();
  if (!learn(answer)) forget();
}
