// How GraphiQL reaches the program: POST, and a WebSocket for subscriptions.
import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-ws";
import { accessToken, learn, renew } from "./account.js";

const url = new URL("graphql", window.location.href);
url.search = url.hash = "";
const socketUrl = new URL(url);
socketUrl.protocol = url.protocol === "https:" ? "wss:" : "ws:";

function ownAuthorization(headers) {
  const name = Object.keys(headers).find((name) => name.toLowerCase() === "authorization");
  return name && headers[name];
}

async function post(request, headers) {
  const token = ownAuthorization(headers) ? undefined : accessToken();
  const response = await fetch(url, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json;q=0.9",
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const answer = await response.json();
  return { answer, isRefused: response.status === 401 && token !== undefined };
}

async function ask(request, headers) {
  let { answer, isRefused } = await post(request, headers);
  if (isRefused) {
    // The token has run out: with a new one, or as nobody.
    await renew(url);
    ({ answer } = await post(request, headers));
  }
  learn(answer);
  return answer;
}

async function* subscribe(request, headers) {
  const own = ownAuthorization(headers);
  let isRefused = false;
  const client = createClient({
    url: socketUrl.href,
    retryAttempts: 3,
    shouldRetry: (reason) => reason instanceof CloseEvent && !(own && isRefused),
    on: {
      closed({ code }) {
        isRefused = code === 4403;
      },
    },
    async connectionParams() {
      if (isRefused) await renew(url);
      const token = accessToken();
      const authorization = own ?? (token && `Bearer ${token}`);
      return authorization ? { authorization } : {};
    },
  });
  try {
    for await (const answer of client.iterate(request)) yield answer;
  } catch (reason) {
    // GraphiQL shows an event as an empty object, and an Error with its stack.
    throw reason instanceof CloseEvent
      ? { message: `The socket was closed: ${reason.code} ${reason.reason}` }
      : reason;
  } finally {
    await client.dispose();
  }
}

export function fetcher(request, { headers = {}, documentAST } = {}) {
  let operation;
  try {
    operation = getOperationAST(documentAST ?? parse(request.query), request.operationName);
  } catch {
    // What does not parse is for the program to refuse.
  }
  return operation?.operation === "subscription" ? subscribe(request, headers) : ask(request, headers);
}
