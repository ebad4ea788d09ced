import { useEffect, useState } from "react";

import type { Boot } from "../../contract/contract";

export type Page = Boot["pages"][number];

/** The page in the address bar; `go` changes both without loading anything. */
export function usePage(allowed: readonly Page[]): { readonly page: Page; readonly go: (page: Page) => void } {
  const [page, setPage] = useState(() => pageOf(window.location.pathname, allowed));
  useEffect(() => {
    const back = () => setPage(pageOf(window.location.pathname, allowed));
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, [allowed]);
  const go = (wanted: Page) => {
    if (wanted === page) return;
    window.history.pushState(null, "", `/${wanted}`);
    setPage(wanted);
  };
  return { page, go };
}

export function pageOf(path: string, allowed: readonly Page[]): Page {
  return allowed.find((page) => path === `/${page}`) ?? allowed[0] ?? "desk";
}
