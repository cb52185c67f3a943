// The one script whose address never changes: an index.html that was kept somewhere names folders which the next deployment
// has deleted, and then nothing else of the page runs. It fetches the page anew, once, and else says what is missing.
// Whatever index.html asks for it, of whichever version, it must do the same.

{
  const OURS = /\/(?:code|runtime|model)-[0-9a-f]{10}\/.*/;
  let seen = false;

  // Errors of elements do not bubble: they are only seen on the way down. What came as a web page in a script's place is an
  // error of the window.
  addEventListener(
    "error",
    ({ target, filename }) => {
      const address = target?.src ?? target?.href ?? filename ?? "";
      if (!seen && OURS.test(address)) {
        seen = true;
        anew(OURS.exec(address)[0]);
      }
    },
    true,
  );

  // A page that was loaded anew and still lacks something is not at fault itself: it would be loaded for ever.
  async function anew(missing) {
    if (document.readyState === "loading") await new Promise((parsed) => addEventListener("DOMContentLoaded", parsed));
    const [visit] = performance.getEntriesByType("navigation");
    const other = visit?.type === "reload" ? null : await fetch(location.href, { cache: "reload" }).catch(() => null);
    const text = other?.ok ? await other.text() : "";
    if (text && !namesOf(text).every((name) => document.documentElement.innerHTML.includes(name))) location.reload();
    else tell(missing);
  }

  const namesOf = (text) => text.match(/(?:code|runtime|model)-[0-9a-f]{10}/g) ?? [];

  function tell(missing) {
    if (window.downloaded !== undefined) return; // boot/page.js is there, and says it better
    document.body.dataset.app = "error";
    document.getElementById("status").textContent =
      `${missing.split("/").at(-1)} did not come as a script, so nothing can be read. Reload the page in a minute.`;
  }
}
