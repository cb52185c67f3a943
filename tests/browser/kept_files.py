"""What a browser keeps of the page for offline use, looked at from the page; and what it should."""

from building.page.offline import kept_files

READY = "Ready to work offline"
# The files of a cache of ours, by their relative addresses.
KEPT = """async () => {
  const [name] = (await caches.keys()).filter((name) => name.startsWith("number-reader"));
  const requests = name ? await (await caches.open(name)).keys() : [];
  return requests.map(({ url }) => "./" + url.slice(new URL("./", location).href.length)).sort();
}"""
# What a page gets for each of some addresses, as its SHA-256.
FETCHED = """async (addresses) => Object.fromEntries(await Promise.all(addresses.map(async (address) => {
  const bytes = await (await fetch(address)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [address, [...digest].map((b) => b.toString(16).padStart(2, "0")).join("")];
})))"""


def files_to_keep(folder):
    """{address: SHA-256} of all that is to be kept of the page built in `folder`."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return kept_files({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})
