// The page: GraphiQL, with the account in its toolbar.
import { useSchemaStore } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { forget, isSignedIn, onChange } from "./account.js";
import { fetcher } from "./fetcher.js";
import "./page.css";

function Account() {
  const signedIn = useSyncExternalStore(onChange, isSignedIn);
  const { introspect } = useSchemaStore();
  const shown = useRef(signedIn);
  useEffect(() => {
    // Who is signed in may see a schema that others may not.
    if (shown.current !== signedIn) introspect();
    shown.current = signedIn;
  }, [signedIn, introspect]);
  return (
    <div className="account">
      {signedIn ? (
        <>
          Signed in
          <button type="button" onClick={forget} title="Forget the token that this tab keeps">
            Forget
          </button>
        </>
      ) : (
        "Not signed in"
      )}
    </div>
  );
}

const place = document.getElementById("graphiql");
createRoot(place).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={place.dataset.welcome}
    isHeadersEditorEnabled
    shouldPersistHeaders={false}
    defaultEditorToolsVisibility={false}
  >
    <GraphiQL.Logo>
      <span className="logo">Bizing</span>
      <Account />
    </GraphiQL.Logo>
  </GraphiQL>,
);
