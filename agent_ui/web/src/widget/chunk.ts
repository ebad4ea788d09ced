/** Loads a module whose content must be what it was when the entry was built.
 *
 * `import()` takes no integrity value. A module preload does, and puts what it checked where `import()` looks; where
 * that is missing, fetching with integrity at least refuses before anything runs. See docs/adr/074.
 */
export async function loadChunk(url: string, integrity: string, nonce: string): Promise<unknown> {
  const link = document.createElement("link");
  if (link.relList.supports("modulepreload")) await preload(link, url, integrity, nonce);
  else await fetch(url, { integrity, cache: "force-cache", credentials: "omit" });
  return import(/* @vite-ignore */ url);
}

function preload(link: HTMLLinkElement, url: string, integrity: string, nonce: string): Promise<void> {
  return new Promise((resolve, reject) => {
    link.rel = "modulepreload";
    link.href = url;
    link.integrity = integrity;
    link.crossOrigin = "anonymous";
    link.nonce = nonce;
    link.onload = () => {
      link.remove();
      resolve();
    };
    link.onerror = () => {
      link.remove();
      reject(new Error("a part of the widget could not be loaded"));
    };
    document.head.append(link);
  });
}
